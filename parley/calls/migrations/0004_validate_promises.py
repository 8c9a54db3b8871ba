from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Check older rows in a transaction of its own, under a lock that lets readers and writers pass."""

    dependencies = [("calls", "0003_data_foundation")]
    operations = [
        SQLFile("calls", "promises_validate_v01", reverse_sql="select 1"),
        migrations.RunSQL(
            "alter table scenario_attempts validate constraint scenario_attempts_team_id_536578f3_fk_teams_id",
            "select 1",
        ),
    ]
