from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


class Migration(migrations.Migration):
    """Where no buyer of ours spoke, topics count as asked by what the rep was understood to ask; unclear words are no tags."""

    dependencies = [("scoring", "0022_outcomes_and_topics")]
    operations = [
        SQLFile("scoring", "kpi_discovery_v04", reverse="kpi_discovery_v03"),
        SQLFile(
            "scoring",
            "kpi_raised_v02",
            reverse_sql=read_sql("scoring", "kpi_raised_v01").replace(
                "create function", "create or replace function", 1
            ),
        ),
    ]
