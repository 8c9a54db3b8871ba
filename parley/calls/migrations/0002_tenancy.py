from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Policies and grants, before anybody can read a row."""

    dependencies = [("calls", "0001_initial"), ("accounts", "0002_tenancy")]
    operations = [SQLFile("calls", "tenancy_v01", reverse="tenancy_v01_down")]
