from __future__ import annotations

from django.db import migrations, models

from parley.core.migrating import IndexConcurrently


class Migration(migrations.Migration):
    """Broken rules are found among all that was counted."""

    atomic = False
    dependencies = [("reporting", "0010_dashboards")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="factkpievent",
                    index=models.Index(
                        condition=models.Q(("kind", "compliance")),
                        fields=["org", "started_at"],
                        name="fact_kpi_events_compliance",
                    ),
                ),
            ],
        ),
        IndexConcurrently(
            "fact_kpi_events_compliance", "fact_kpi_events (org_id, started_at) where kind = 'compliance'"
        ),
    ]
