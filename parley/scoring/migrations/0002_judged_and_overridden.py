from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """A first version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """Criteria that a language model judged, single steps of objections, and shares that people decided."""

    dependencies = [("scoring", "0001_functions")]
    operations = [
        SQLFile("scoring", "score_judge_v01", reverse_sql="drop function score_judge(jsonb, jsonb)"),
        SQLFile("scoring", "score_criterion_v02", reverse_sql=again("score_criterion_v01")),
        # A third argument makes another function; with both, a call with two would be ambiguous.
        migrations.RunSQL("drop function compute_score(jsonb, jsonb)", read_sql("scoring", "compute_score_v01")),
        SQLFile("scoring", "compute_score_v02", reverse_sql="drop function compute_score(jsonb, jsonb, jsonb)"),
        SQLFile("scoring", "score_attempt_v02", reverse_sql=again("score_attempt_v01")),
    ]
