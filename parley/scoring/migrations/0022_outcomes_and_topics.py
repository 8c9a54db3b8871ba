from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """An earlier version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """A goal may have several outcomes, and a topic's question explores its objections; an old rate is no quote."""

    dependencies = [("scoring", "0021_objections_judged_once")]
    operations = [
        SQLFile("scoring", "kpi_phrases_of_v02", reverse_sql=again("kpi_phrases_of_v01")),
        SQLFile("scoring", "kpi_discovery_v03", reverse="kpi_discovery_v02"),
        SQLFile("scoring", "kpi_objections_v05", reverse="kpi_objections_v04"),
        SQLFile("scoring", "score_criterion_v03", reverse="score_criterion_v02"),
        SQLFile("scoring", "kpi_names_rate_v04", reverse="kpi_names_rate_v03"),
        SQLFile("scoring", "kpi_slim_v02", reverse_sql=again("kpi_slim_v01")),
        SQLFile("scoring", "score_rubric_v02", reverse_sql=again("score_rubric_v01")),
    ]
