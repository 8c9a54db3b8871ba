from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """An organisation's own bands of KPIs."""

    dependencies = [("accounts", "0010_imports")]

    operations = [
        migrations.AddField("org", "kpi_bands", models.JSONField(blank=True, db_default={}, default=dict)),
    ]
