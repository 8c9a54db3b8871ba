from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """An earlier version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """The wordings of checks are compiled with the phrases, and a batch measures by rubrics without either."""

    dependencies = [("scoring", "0018_rates_said_in_passing")]
    operations = [
        SQLFile(
            "scoring",
            "kpi_phrase_v02",
            reverse_sql=read_sql("scoring", "kpi_phrase_v01").split(";", 1)[1],  # its comment
        ),
        SQLFile(
            "scoring",
            "kpi_compiled_v02",
            reverse_sql="alter type kpi_phrase drop attribute query; " + again("kpi_compiled_v01"),
        ),
        SQLFile(
            "scoring",
            "kpi_compliance_v03",
            # Phrases need checks, so that both come back here.
            reverse_sql="drop function kpi_compliance(kpi_utterance[], kpi_sentence[], integer[], kpi_phrase[], jsonb, "
            "jsonb); " + read_sql("scoring", "kpi_compliance_v02") + read_sql("scoring", "kpi_phrases_v03"),
        ),
        SQLFile(
            "scoring",
            "kpi_phrases_v04",
            reverse_sql="drop function kpi_phrases(kpi_utterance[], kpi_sentence[], kpi_match[], integer[], "
            "kpi_phrase[], jsonb)",
        ),
        SQLFile("scoring", "kpi_slim_v01", reverse_sql="drop function kpi_slim(jsonb)"),
        SQLFile("scoring", "kpi_rates_v01", reverse_sql="drop function kpi_rates(kpi_sentence[])"),
        SQLFile("scoring", "compute_kpis_v04", reverse="compute_kpis_v03"),
        SQLFile("scoring", "compute_scores_v05", reverse="compute_scores_v04"),
        SQLFile("scoring", "kpi_is_backchannel_v02", reverse_sql=again("kpi_is_backchannel_v01")),
        SQLFile("scoring", "kpi_question_kind_v03", reverse="kpi_question_kind_v02"),
    ]
