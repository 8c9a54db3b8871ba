from __future__ import annotations

from django.db import migrations

from parley.core.migrating import IndexConcurrently


class Migration(migrations.Migration):
    """An index of a table that grows, built while events are recorded."""

    atomic = False
    dependencies = [("core", "0007_live")]
    operations = [IndexConcurrently("events_org_tx", "events (org_id, tx)")]
