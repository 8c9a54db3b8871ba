from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """What open pages hear of, and what caches forget."""

    initial = True
    dependencies = [
        ("core", "0008_live_index"),
        ("accounts", "0008_team_tree_as_owner"),
        ("scenarios", "0006_drafts_for_authors"),
        ("calls", "0013_words_parted_already"),
        ("training", "0001_initial"),
    ]
    operations = [
        SQLFile("shell", "news_since_v01", reverse_sql="drop function news_since(bigint, integer)"),
        SQLFile("shell", "changes_v01", reverse="changes_v01_down"),
    ]
