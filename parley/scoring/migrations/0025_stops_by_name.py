from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Fillers are told by the same stops in every locale."""

    dependencies = [("scoring", "0024_many_calls_at_once")]
    operations = [SQLFile("scoring", "kpi_fillers_v03", reverse="kpi_fillers_v02")]
