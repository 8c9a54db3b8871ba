from __future__ import annotations

from django.db import migrations, models

from parley.core.models import transaction_number
from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Events tell of themselves, and know their transaction.

    The column comes without a default, which would rewrite the table; the default follows.
    """

    dependencies = [("core", "0006_blank_quotes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AddField("event", "tx", models.BigIntegerField(null=True, editable=False))],
            state_operations=[
                migrations.AddField(
                    "event", "tx", models.BigIntegerField(null=True, editable=False, db_default=transaction_number())
                ),
                migrations.AddIndex("event", models.Index(fields=["org_id", "tx"], name="events_org_tx")),
            ],
        ),
        SQLFile("core", "live_v01", reverse="live_v01_down"),
    ]
