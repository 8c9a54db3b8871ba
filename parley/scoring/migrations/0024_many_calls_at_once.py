from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


class Migration(migrations.Migration):
    """Calls by one rubric are taken apart together: what was said twice is read once, and each expression is made once."""

    dependencies = [("scoring", "0023_topics_asked")]
    operations = [
        SQLFile(
            "scoring",
            "kpi_sentence_v02",
            reverse_sql="alter type kpi_sentence drop attribute said; alter type kpi_sentence drop attribute lexemes",
        ),
        SQLFile("scoring", "kpi_sentences_v03", reverse="kpi_sentences_v02"),
        SQLFile("scoring", "kpi_compliance_v05", reverse="kpi_compliance_v04"),
        SQLFile(
            "scoring",
            "kpi_matches_v03",
            reverse_sql=read_sql("scoring", "kpi_matches_v02")
            .split(";\n", 1)[1]
            .replace("create function", "create or replace function", 1),
        ),
        SQLFile(
            "scoring",
            "kpi_measured_v01",
            reverse_sql="drop function kpi_measured(kpi_utterance[], kpi_sentence[], kpi_match[], integer[], boolean, "
            "jsonb, kpi_phrase[])",
        ),
        SQLFile(
            "scoring",
            "compute_kpis_v05",
            reverse_sql=read_sql("scoring", "compute_kpis_v04")
            + "alter function compute_kpis(jsonb, jsonb, kpi_phrase[]) cost 1000000;",
        ),
        SQLFile(
            "scoring",
            "kpi_of_calls_v01",
            reverse_sql="drop function kpi_of_calls(jsonb[], jsonb, kpi_phrase[])",
        ),
        SQLFile("scoring", "compute_scores_v06", reverse="compute_scores_v05"),
    ]
