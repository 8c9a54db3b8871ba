from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """The earlier version, which began by dropping another signature, in place of the later one."""
    return read_sql("scoring", name).split(";\n", 1)[1].replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """What is missing is left out only where it may have been said; a comma, which recognisers add freely, is no word."""

    dependencies = [("scoring", "0019_compiled_checks")]
    operations = [
        # Trusted since PostgreSQL 13: whoever owns the database may make it.
        migrations.RunSQL("create extension if not exists pg_trgm with schema public", migrations.RunSQL.noop),
        SQLFile("scoring", "kpi_is_like_v01", reverse_sql="drop function kpi_is_like(text, text[])"),
        SQLFile("scoring", "kpi_is_lost_v01", reverse_sql="drop function kpi_is_lost(kpi_utterance[], integer[])"),
        SQLFile("scoring", "kpi_compiled_v03", reverse="kpi_compiled_v02"),
        SQLFile("scoring", "kpi_compliance_v04", reverse_sql=again("kpi_compliance_v03")),
        SQLFile("scoring", "kpi_phrases_v05", reverse_sql=again("kpi_phrases_v04")),
        SQLFile("scoring", "kpi_objections_v03", reverse="kpi_objections_v02"),
    ]
