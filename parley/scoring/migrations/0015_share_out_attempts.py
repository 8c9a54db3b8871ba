from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """The attempts of a re-score are shared out to the cores, not its few versions."""

    dependencies = [("scoring", "0014_rescore_on_all_cores")]
    operations = [SQLFile("scoring", "rescored_v05", reverse="rescored_v04")]
