from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Claims count only together: an active user, of that organisation, with that role."""

    dependencies = [("accounts", "0004_validate_promises")]
    operations = [SQLFile("accounts", "claim_org_id_v02", reverse="claim_org_id_v01")]
