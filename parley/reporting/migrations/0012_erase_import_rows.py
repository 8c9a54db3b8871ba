from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Whoever is erased leaves no line in lists of people behind."""

    dependencies = [("reporting", "0011_compliance_index"), ("accounts", "0010_imports")]
    operations = [SQLFile("reporting", "erase_user_v04", reverse="erase_user_v04_down")]
