from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """The key and the signature of storage addresses."""

    dependencies = [("core", "0003_data_foundation")]
    operations = [SQLFile("core", "signed_urls_v01", reverse="signed_urls_v01_down")]
