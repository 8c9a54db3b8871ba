from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Lists of people that an admin brings in, and the undoing of them."""

    dependencies = [
        ("accounts", "0009_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeopleImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file_name", models.CharField(max_length=160)),
                ("header", models.JSONField(default=list)),
                ("columns", models.JSONField(default=list)),
                ("status", models.CharField(default="draft", max_length=16)),
                ("invites", models.BooleanField(default=False)),
                ("problem", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="people_imports", to="accounts.org"
                    ),
                ),
            ],
            options={
                "db_table": "people_imports",
            },
        ),
        migrations.CreateModel(
            name="PeopleImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField()),
                ("email", models.CharField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("fate", models.CharField(max_length=16)),
                ("why", models.TextField(blank=True)),
                ("cells", models.JSONField(default=list)),
                ("values", models.JSONField(default=dict)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("made", models.UUIDField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_column="import_id",
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="accounts.peopleimport",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.org"
                    ),
                ),
            ],
            options={
                "db_table": "people_import_rows",
            },
        ),
        migrations.AddConstraint(
            model_name="peopleimport",
            constraint=models.UniqueConstraint(fields=("org", "id"), name="people_imports_org_id"),
        ),
        migrations.AddConstraint(
            model_name="peopleimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "queued", "running", "done", "undoing", "undone", "failed"))
                ),
                name="people_imports_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="peopleimportrow",
            constraint=models.UniqueConstraint(fields=("batch", "line"), name="people_import_rows_line_once"),
        ),
        migrations.AddConstraint(
            model_name="peopleimportrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("fate__in", ("new", "changed", "unchanged", "refused"))),
                name="people_import_rows_fate_known",
            ),
        ),
        SQLFile("accounts", "people_imports_v01", reverse="people_imports_v01_down"),
        SQLFile("accounts", "remove_newcomers_v01", reverse_sql="drop function remove_newcomers(uuid[])"),
    ]
