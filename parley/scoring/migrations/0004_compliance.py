from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """A first version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """Compliance by wordings, numbers and rates in every spoken form, and nothing missed where recognition is unsure."""

    dependencies = [("scoring", "0003_score_with_words")]
    operations = [
        SQLFile("scoring", "kpi_numbers_v02", reverse_sql=again("kpi_numbers_v01")),
        SQLFile("scoring", "kpi_names_rate_v02", reverse_sql=again("kpi_names_rate_v01")),
        SQLFile("scoring", "kpi_said_v01", reverse_sql="drop function kpi_said(text[])"),
        SQLFile(
            "scoring", "kpi_is_meant_v01", reverse_sql="drop function kpi_is_meant(text, text, text, boolean, boolean)"
        ),
        SQLFile(
            "scoring",
            "kpi_compliance_v01",
            reverse_sql="drop function kpi_compliance(kpi_utterance[], kpi_sentence[], jsonb, jsonb)",
        ),
        SQLFile("scoring", "kpi_phrases_v02", reverse_sql=again("kpi_phrases_v01")),
    ]
