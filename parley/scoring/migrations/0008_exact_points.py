from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


class Migration(migrations.Migration):
    """Points divide last, so that the sum on the page comes out for whoever redoes it."""

    dependencies = [("scoring", "0007_compliance_by_text_search")]
    operations = [
        SQLFile(
            "scoring",
            "compute_score_v03",
            reverse_sql=read_sql("scoring", "compute_score_v02").replace(
                "create function", "create or replace function", 1
            ),
        ),
    ]
