from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile, read_sql


def again(name: str) -> str:
    """A first version over a later one."""
    return read_sql("scoring", name).replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    """Back-channels never interrupt, `like` counts between stops, and no step is missing where recognition is unsure."""

    dependencies = [("scoring", "0009_fewer_passes")]
    operations = [
        SQLFile("scoring", f"{name}_v02", reverse_sql=again(f"{name}_v01"))
        for name in ("kpi_flow", "kpi_default_fillers", "kpi_fillers", "kpi_objections")
    ]
