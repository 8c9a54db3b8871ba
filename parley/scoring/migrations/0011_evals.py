from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Runs of simulated reps over scenarios, and exemplar calls."""

    dependencies = [
        ("accounts", "0008_team_tree_as_owner"),
        ("scenarios", "0005_playbook"),
        ("scoring", "0010_kpis_as_defined"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exemplar",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("path", models.CharField(max_length=255)),
                ("duration_s", models.FloatField()),
                ("seed", models.PositiveIntegerField()),
                ("transcript", models.JSONField()),
                ("kpis", models.JSONField()),
                ("breakdown", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.org"),
                ),
                (
                    "scenario",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exemplar", to="scenarios.scenario"
                    ),
                ),
            ],
            options={
                "db_table": "scenario_exemplars",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("duration_s__gt", 0)), name="scenario_exemplars_last")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScenarioEval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("seeds", models.PositiveIntegerField(default=20)),
                ("status", models.CharField(default="queued", max_length=16)),
                ("progress", models.FloatField(default=0)),
                ("result", models.JSONField(null=True)),
                ("problem", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
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
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.org"),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evals", to="scenarios.scenario"
                    ),
                ),
            ],
            options={
                "db_table": "scenario_evals",
                "indexes": [models.Index(fields=["org", "-created_at"], name="scenario_evals_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("queued", "running"))),
                        fields=("org", "scenario"),
                        name="scenario_evals_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("queued", "running", "done", "failed"))),
                        name="scenario_evals_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__gte", 0), ("progress__lte", 1)),
                        name="scenario_evals_progress_0_to_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seeds__gte", 1), ("seeds__lte", 200)), name="scenario_evals_seeds_sane"
                    ),
                ],
            },
        ),
        SQLFile("scoring", "evals_v01", reverse="evals_v01_down"),
    ]
