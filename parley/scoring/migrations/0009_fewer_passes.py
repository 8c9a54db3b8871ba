from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """A first version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


def again_after(name: str) -> str:
    """A version that drops the one before it, without the drop."""
    sql = read_sql("scoring", name)
    return sql[sql.index("create function") :].replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """The same KPIs in fewer passes over sentences and rubric."""

    dependencies = [("scoring", "0008_exact_points")]
    operations = [
        SQLFile("scoring", "kpi_cite_v02", reverse_sql=again("kpi_cite_v01")),
        SQLFile("scoring", "kpi_cites_v02", reverse_sql=again("kpi_cites_v01")),
        SQLFile("scoring", "kpi_at_v02", reverse_sql=again("kpi_at_v01")),
        SQLFile("scoring", "kpi_question_kind_v02", reverse_sql=again("kpi_question_kind_v01")),
        SQLFile("scoring", "kpi_speech_v02", reverse_sql=again("kpi_speech_v01")),
        SQLFile("scoring", "kpi_phrases_v03", reverse="kpi_phrases_v02"),
        SQLFile("scoring", "kpi_discovery_v02", reverse_sql=again("kpi_discovery_v01")),
        SQLFile("scoring", "compute_kpis_v03", reverse_sql=again_after("compute_kpis_v02")),
        SQLFile("scoring", "compute_scores_v02", reverse_sql=again("compute_scores_v01")),
    ]
