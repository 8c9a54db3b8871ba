from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """HR reads numbers, never words: what scores and feedback quote stands in a table of its own."""

    dependencies = [("calls", "0008_planned_read_policy")]
    operations = [
        migrations.CreateModel(
            name="Words",
            fields=[
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words_row",
                        serialize=False,
                        to="calls.attempt",
                    ),
                ),
                ("kpis", models.JSONField(null=True)),
                ("score_breakdown", models.JSONField(null=True)),
                ("feedback", models.JSONField(null=True)),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.org"),
                ),
            ],
            options={"db_table": "attempt_words"},
        ),
        SQLFile("calls", "words_apart_v01", reverse="words_apart_v01_down"),
        SQLFile("calls", "forget_words_v02", reverse="forget_words_v02_down"),
    ]
