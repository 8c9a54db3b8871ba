from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """History is scored again on all cores, as a batch is."""

    dependencies = [("scoring", "0013_compile_once_a_batch")]
    operations = [SQLFile("scoring", "rescored_v04", reverse="rescored_v03")]
