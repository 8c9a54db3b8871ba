from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """What an objection's steps rest on is computed once, not once for each place that reads it."""

    dependencies = [("scoring", "0020_fair_to_every_voice")]
    operations = [SQLFile("scoring", "kpi_objections_v04", reverse="kpi_objections_v03")]
