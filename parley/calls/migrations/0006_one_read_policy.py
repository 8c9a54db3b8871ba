from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Attempts are read by one policy, which indexes serve."""

    dependencies = [("calls", "0005_grant_signed_url"), ("accounts", "0007_cheaper_team_tree")]
    operations = [SQLFile("calls", "read_policy_v01", reverse="read_policy_v01_down")]
