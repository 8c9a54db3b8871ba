from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """What a score of one call costs does not grow with the history, and claims are checked once per read."""

    dependencies = [("reporting", "0013_erasures")]
    operations = [
        SQLFile("reporting", "write_facts_v03", reverse="write_facts_v03_down"),
        SQLFile("reporting", "reads_v02", reverse="reads_v02_down"),
    ]
