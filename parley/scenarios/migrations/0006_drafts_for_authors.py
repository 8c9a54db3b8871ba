from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Drafts are read by those who write scenarios."""

    dependencies = [("scenarios", "0005_playbook")]
    operations = [SQLFile("scenarios", "read_policy_v01", reverse="read_policy_v01_down")]
