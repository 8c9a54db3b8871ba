from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """What dashboards read, planned once."""

    dependencies = [("reporting", "0006_erase_words")]
    operations = [
        SQLFile(
            "reporting",
            "reads_v01",
            reverse_sql="drop function leaderboard(date, integer); drop function overview_by_day(date); "
            "drop function insights_since(date); drop function progress_of(uuid); drop function latest_official(integer)",
        )
    ]
