from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """What score and feedback quote is erased with the person."""

    dependencies = [("reporting", "0005_planned_read_policies"), ("calls", "0009_words_apart")]
    operations = [SQLFile("reporting", "erase_user_v02", reverse="erase_user_v02_down")]
