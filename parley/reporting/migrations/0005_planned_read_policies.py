from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Facts are read in order, not sorted."""

    dependencies = [("reporting", "0004_erase_user"), ("calls", "0008_planned_read_policy")]
    operations = [SQLFile("reporting", "read_policies_v02", reverse="read_policies_v02_down")]
