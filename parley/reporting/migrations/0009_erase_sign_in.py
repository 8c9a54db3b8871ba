from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Whoever is erased leaves no passkey, connected account or session behind."""

    dependencies = [("reporting", "0008_indexes"), ("accounts", "0009_people")]
    operations = [SQLFile("reporting", "erase_user_v03", reverse="erase_user_v03_down")]
