from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A history that was parted before it is written is not searched for words again."""

    dependencies = [("calls", "0012_indexes")]
    operations = [SQLFile("calls", "words_apart_v02", reverse="words_apart_v02_down")]
