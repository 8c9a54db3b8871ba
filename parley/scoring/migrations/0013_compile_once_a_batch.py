from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A batch compiles each rubric once, not once for each attempt, and is spread over the cores."""

    dependencies = [("scoring", "0012_quicker_rescore")]
    operations = [
        SQLFile(
            "scoring",
            "kpi_rubric_v01",
            reverse_sql="alter function compute_kpis(jsonb, jsonb, kpi_phrase[]) cost 20000; drop type kpi_rubric",
        ),
        SQLFile("scoring", "compute_scores_v03", reverse="compute_scores_v02"),
    ]
