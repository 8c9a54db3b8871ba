from __future__ import annotations

from django.db import migrations

from parley.core.migrating import IndexConcurrently


class Migration(migrations.Migration):
    """Indexes of a table that grows, built while facts are written."""

    atomic = False
    dependencies = [("reporting", "0007_reads")]
    operations = [
        IndexConcurrently("fact_attempts_no_events", "fact_scenario_attempts (scored_at) where not events_written")
    ]
