"""The reporting star: facts about attempts and what was counted in them, and the dimensions they are cut by.

Rows are written by the SQL functions of `sql/`, set by set. Facts outlive the attempt that they were read from.
"""

from __future__ import annotations

import uuid

from django.db import models

from parley.accounts.models import Org, User

ERASURE_STATUSES = ("asked", "queued", "done", "withdrawn", "refused", "failed")
EVENT_KINDS = ("filler", "interruption", "question", "objection", "compliance")


class DimOrg(models.Model):
    """An organisation as reports name it."""

    org = models.OneToOneField(Org, on_delete=models.CASCADE, primary_key=True, related_name="+")
    name = models.CharField(max_length=120)
    plan = models.CharField(max_length=32)
    timezone = models.CharField(max_length=64)
    week_start = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "dim_orgs"

    def __str__(self) -> str:
        return self.name


class DimUser(models.Model):
    """A person in one role on one team, from a moment to a moment; the newest row has no end."""

    user_key = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    user_id = models.UUIDField()
    name = models.CharField(max_length=255)
    role = models.CharField(max_length=16)
    team_id = models.UUIDField(null=True)
    team_name = models.CharField(max_length=120, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "dim_users"
        indexes = [models.Index(fields=["org", "user_id", "valid_from"], name="dim_users_org_user_from")]
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"], condition=models.Q(valid_until__isnull=True), name="dim_users_one_current"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="dim_users_until_after_from",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DimScenario(models.Model):
    """One version of a scenario."""

    scenario_id = models.UUIDField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    code = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    vertical = models.CharField(max_length=40)
    difficulty = models.CharField(max_length=16)

    class Meta:
        db_table = "dim_scenarios"

    def __str__(self) -> str:
        return self.title


class DimTrack(models.Model):
    """A track with how many scenarios it has."""

    track_id = models.UUIDField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=16)
    scenario_count = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "dim_tracks"

    def __str__(self) -> str:
        return self.title


class DimTime(models.Model):
    """A day of the calendar; the same for everybody."""

    day = models.DateField(primary_key=True)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    month = models.DateField()
    iso_week = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()
    is_weekend = models.BooleanField()

    class Meta:
        db_table = "dim_time"

    def __str__(self) -> str:
        return str(self.day)


class FactAttempt(models.Model):
    """One scored attempt, with who held it as what at that time. Anonymised when the person is erased."""

    attempt_id = models.UUIDField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    user_id = models.UUIDField(null=True)
    user_key = models.BigIntegerField(null=True)
    team_id = models.UUIDField(null=True)
    user_role = models.CharField(max_length=16)
    scenario_id = models.UUIDField()
    scenario_key = models.CharField(max_length=80)
    mode = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    day = models.DateField()
    month = models.DateField()
    duration_s = models.FloatField(null=True)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    passed = models.BooleanField(null=True)
    abstained = models.BooleanField(default=False)
    capped = models.BooleanField(default=False)
    goal_hit = models.BooleanField(null=True)
    talk_ratio = models.FloatField(null=True)
    words_per_minute = models.FloatField(null=True)
    filler_count = models.PositiveIntegerField(null=True)
    fillers_per_minute = models.FloatField(null=True)
    interruptions = models.PositiveIntegerField(null=True)
    question_count = models.PositiveIntegerField(null=True)
    open_question_count = models.PositiveIntegerField(null=True)
    objections_raised = models.PositiveIntegerField(default=0)
    objections_answered = models.PositiveIntegerField(default=0)
    compliance_failed = models.PositiveIntegerField(default=0)
    scored_at = models.DateTimeField()
    events_written = models.BooleanField(default=False)

    class Meta:
        db_table = "fact_scenario_attempts"
        indexes = [
            models.Index(
                fields=["scored_at"], name="fact_attempts_no_events", condition=models.Q(events_written=False)
            ),
            models.Index(fields=["org", "started_at"], name="fact_attempts_org_started"),
            models.Index(fields=["org", "scenario_id"], name="fact_attempts_org_scenario"),
            models.Index(fields=["org", "user_id", "started_at"], name="fact_attempts_org_user"),
        ]

    def __str__(self) -> str:
        return str(self.attempt_id)


class FactKpiEvent(models.Model):
    """One counted thing in one attempt: a filler, an interruption, a question, an objection's step, a finding."""

    id = models.BigAutoField(primary_key=True)
    attempt_id = models.UUIDField()
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    user_id = models.UUIDField(null=True)
    scenario_id = models.UUIDField()
    mode = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    n = models.PositiveIntegerField()
    utterance_i = models.IntegerField(null=True)
    at_ms = models.IntegerField(null=True)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "fact_kpi_events"
        indexes = [
            models.Index(fields=["org", "started_at"], name="fact_kpi_events_org_started"),
            models.Index(fields=["org", "scenario_id"], name="fact_kpi_events_org_scenario"),
            models.Index(
                fields=["org", "started_at"],
                name="fact_kpi_events_compliance",
                condition=models.Q(kind="compliance"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["attempt_id", "kind", "name", "n"], name="fact_kpi_events_once"),
            models.CheckConstraint(condition=models.Q(kind__in=EVENT_KINDS), name="fact_kpi_events_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} in {self.attempt_id}"


class ReportingRefresh(models.Model):
    """When each materialized view was last refreshed, so that callers at the same time share one refresh."""

    view_name = models.CharField(max_length=63, primary_key=True)
    began_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()

    class Meta:
        db_table = "reporting_refreshes"

    def __str__(self) -> str:
        return self.view_name


class Erasure(models.Model):
    """That somebody is to be erased: asked by the person or begun by an admin. It names no one once it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="erasures")
    user_id = models.UUIDField()
    status = models.CharField(max_length=16, default="asked")
    asked_by_person = models.BooleanField(default=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    """The admin who decided."""
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    """How much of what went, by its name."""
    problem = models.TextField(blank=True)

    class Meta:
        db_table = "erasures"
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"],
                condition=models.Q(status__in=("asked", "queued")),
                name="erasures_one_open_per_person",
            ),
            models.CheckConstraint(condition=models.Q(status__in=ERASURE_STATUSES), name="erasures_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"
