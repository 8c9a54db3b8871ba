from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """A first version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """A rubric is compiled once, and many attempts are scored in one statement."""

    dependencies = [("scoring", "0005_corrections")]
    operations = [
        SQLFile("scoring", "kpi_plain_v02", reverse_sql=again("kpi_plain_v01")),
        SQLFile("scoring", "kpi_stemmed_v02", reverse_sql=again("kpi_stemmed_v01")),
        SQLFile("scoring", "kpi_sentences_v02", reverse_sql=again("kpi_sentences_v01")),
        SQLFile("scoring", "kpi_phrase_v01", reverse_sql="drop type kpi_phrase"),
        SQLFile("scoring", "kpi_compiled_v01", reverse_sql="drop function kpi_compiled(jsonb)"),
        SQLFile(
            "scoring",
            "kpi_matches_v02",
            reverse_sql="drop function kpi_matches(kpi_sentence[], kpi_phrase[]); "
            + read_sql("scoring", "kpi_matches_v01"),
        ),
        SQLFile(
            "scoring",
            "compute_kpis_v02",
            reverse_sql="drop function compute_kpis(jsonb, jsonb, kpi_phrase[]); "
            + read_sql("scoring", "compute_kpis_v01"),
        ),
        SQLFile("scoring", "compute_scores_v01", reverse_sql="drop function compute_scores(uuid[])"),
        SQLFile("scoring", "rescored_v02", reverse_sql=again("rescored_v01")),
    ]
