from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Events are read and recorded by the checked claims."""

    dependencies = [("core", "0004_signed_urls"), ("accounts", "0005_checked_claims")]
    operations = [SQLFile("core", "events_policies_v02", reverse="events_policies_v01")]
