from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A re-score keeps nothing in between, which only one core could make."""

    dependencies = [("scoring", "0016_rubrics_as_parameters")]
    operations = [SQLFile("scoring", "rescored_v06", reverse="rescored_v05")]
