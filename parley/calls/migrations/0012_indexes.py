from __future__ import annotations

from django.db import migrations

from parley.core.migrating import IndexConcurrently


class Migration(migrations.Migration):
    """Indexes of a table that grows, built while calls go on."""

    atomic = False
    dependencies = [("calls", "0011_score_history")]
    operations = [
        IndexConcurrently("attempts_scored", "scenario_attempts (scored_at, id) where status = 'scored'"),
        IndexConcurrently("attempts_official", "scenario_attempts (org_id, created_at desc) where mode = 'official'"),
    ]
