from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A person can be erased."""

    dependencies = [
        ("reporting", "0003_one_read_policy"),
        ("integrations", "0001_initial"),
        ("calls", "0007_forget_words"),
    ]
    operations = [SQLFile("reporting", "erase_user_v01", reverse_sql="drop function erase_user(uuid)")]
