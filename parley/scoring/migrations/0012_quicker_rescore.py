from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


class Migration(migrations.Migration):
    """Rubrics are compared once per version, and what is computed is computed once per attempt."""

    dependencies = [("scoring", "0011_evals")]
    operations = [
        SQLFile("scoring", "score_rubric_v01", reverse_sql="drop function score_rubric(jsonb)"),
        SQLFile("scoring", "rescored_v03", reverse="rescored_v02"),
        SQLFile(
            "scoring",
            "apply_rescore_v02",
            reverse_sql=read_sql("scoring", "apply_rescore_v01").replace(
                "create function", "create or replace function", 1
            ),
        ),
    ]
