from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Facts are read by one policy each, which indexes serve."""

    dependencies = [("reporting", "0002_events_apart"), ("calls", "0006_one_read_policy")]
    operations = [SQLFile("reporting", "read_policies_v01", reverse="read_policies_v01_down")]
