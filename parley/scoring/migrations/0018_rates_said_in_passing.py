from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A rate said in passing is one: "call it six and a half"."""

    dependencies = [("scoring", "0017_nothing_in_between")]
    operations = [SQLFile("scoring", "kpi_names_rate_v03", reverse="kpi_names_rate_v02")]
