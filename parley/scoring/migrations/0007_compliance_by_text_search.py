from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """A first version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """Only sentences that hold the words of a wording are tried by its expression."""

    dependencies = [("scoring", "0006_compiled_rubrics")]
    operations = [
        SQLFile("scoring", "kpi_said_v02", reverse_sql=again("kpi_said_v01")),
        SQLFile("scoring", "kpi_compliance_v02", reverse_sql=again("kpi_compliance_v01")),
    ]
