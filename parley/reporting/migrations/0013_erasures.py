from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Who asked to be erased, who decided it and what went."""

    dependencies = [("reporting", "0012_erase_import_rows"), ("accounts", "0010_imports")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.UUIDField()),
                ("status", models.CharField(default="asked", max_length=16)),
                ("asked_by_person", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("counts", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="erasures", to="accounts.org"
                    ),
                ),
            ],
            options={
                "db_table": "erasures",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("status__in", ("asked", "queued"))),
                        fields=("user_id",),
                        name="erasures_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=Q(("status__in", ("asked", "queued", "done", "withdrawn", "refused", "failed"))),
                        name="erasures_status_known",
                    ),
                ],
            },
        ),
        SQLFile("reporting", "erasures_v01", reverse="erasures_v01_down"),
    ]
