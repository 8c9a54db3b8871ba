from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Overrides, disputes, and history scored by another version."""

    dependencies = [
        ("accounts", "0007_cheaper_team_tree"),
        ("calls", "0011_score_history"),
        ("scenarios", "0003_data_foundation"),
        ("scoring", "0004_compliance"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("criterion", models.CharField(max_length=96)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("status", models.CharField(default="open", max_length=16)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "attempt",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="calls.attempt",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.org"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
            options={
                "db_table": "criterion_disputes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")), fields=["org", "created_at"], name="disputes_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("attempt", "criterion"),
                        name="disputes_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("open", "accepted", "declined", "withdrawn"))),
                        name="disputes_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="disputes_have_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("accepted", "declined")), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="disputes_are_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("criterion", models.CharField(max_length=96)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("share", models.FloatField(null=True)),
                ("computed_share", models.FloatField(null=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="calls.attempt",
                    ),
                ),
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
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
            options={
                "db_table": "criterion_overrides",
                "indexes": [models.Index(fields=["attempt", "criterion", "-created_at"], name="overrides_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share__isnull", True), models.Q(("share__gte", 0), ("share__lte", 1)), _connector="OR"
                        ),
                        name="overrides_share_0_to_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="overrides_have_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rescore",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("measure_again", models.BooleanField(default=False)),
                ("status", models.CharField(default="queued", max_length=16)),
                ("expected_s", models.FloatField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("newly_passed", models.PositiveIntegerField(default=0)),
                ("newly_failed", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("problem", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scenarios.scenario"
                    ),
                ),
            ],
            options={
                "db_table": "rescores",
                "indexes": [models.Index(fields=["org", "-created_at"], name="rescores_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("queued", "running"))),
                        fields=("org", "scenario"),
                        name="rescores_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("queued", "running", "done", "failed"))),
                        name="rescores_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("moved__lte", models.F("attempts"))), name="rescores_moved_of_attempts"
                    ),
                ],
            },
        ),
        SQLFile("scoring", "corrections_v02", reverse="corrections_v01_down"),
        SQLFile("scoring", "overrides_of_v01", reverse_sql="drop function overrides_of(uuid)"),
        SQLFile(
            "scoring", "score_entry_v01", reverse_sql="drop function score_entry(jsonb, timestamptz, jsonb, jsonb)"
        ),
        SQLFile("scoring", "score_move_v01", reverse_sql="drop function score_move(jsonb, jsonb)"),
        SQLFile("scoring", "settle_score_v01", reverse_sql="drop function settle_score(uuid, jsonb)"),
        SQLFile("scoring", "rescored_v01", reverse_sql="drop function rescored(uuid, boolean)"),
        SQLFile("scoring", "apply_rescore_v01", reverse_sql="drop function apply_rescore(uuid)"),
        SQLFile("scoring", "score_attempt_v04", reverse="score_attempt_v03"),
        SQLFile(
            "scoring",
            "correction_keys_v01",
            reverse_sql="alter table criterion_overrides drop constraint criterion_overrides_attempt, "
            "drop constraint criterion_overrides_user, drop constraint criterion_overrides_by; "
            "alter table criterion_disputes drop constraint criterion_disputes_attempt, "
            "drop constraint criterion_disputes_user, drop constraint criterion_disputes_answered_by; "
            "alter table rescores drop constraint rescores_scenario_same_org, drop constraint rescores_by",
        ),
    ]
