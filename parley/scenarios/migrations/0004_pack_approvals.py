from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Who approved which rule pack, and until when."""

    dependencies = [
        ("accounts", "0007_cheaper_team_tree"),
        ("scenarios", "0003_data_foundation"),
    ]

    operations = [
        migrations.CreateModel(
            name="PackApproval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("pack", models.SlugField(db_index=False, max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("officer", models.CharField(max_length=160)),
                ("note", models.TextField(blank=True)),
                ("valid_until", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="pack_approvals", to="accounts.org"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
            options={
                "db_table": "pack_approvals",
                "indexes": [models.Index(fields=["org", "pack", "-at"], name="pack_approvals_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("officer", ""), _negated=True), name="pack_approvals_name_an_officer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="pack_approvals_version_from_1"
                    ),
                ],
            },
        ),
        SQLFile("scenarios", "pack_approvals_v01", reverse="pack_approvals_v01_down"),
    ]
