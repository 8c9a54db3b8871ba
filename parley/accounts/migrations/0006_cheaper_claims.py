from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Claims cost less in each statement."""

    dependencies = [("accounts", "0005_checked_claims")]
    operations = [SQLFile("accounts", "claims_v03", reverse="claims_v03_down")]
