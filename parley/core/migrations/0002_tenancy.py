from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Policies and grants, before anybody can read a row."""

    dependencies = [("core", "0001_initial")]
    operations = [SQLFile("core", "tenancy_v01", reverse="tenancy_v01_down")]
