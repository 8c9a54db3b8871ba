"""What people change about scores: overrides, disputes, and history scored again by another version of a rubric."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from parley.accounts.models import Org, User
from parley.calls.models import Attempt
from parley.scenarios.models import Scenario

DISPUTE_STATUSES = ("open", "accepted", "declined", "withdrawn")
RESCORE_STATUSES = ("queued", "running", "done", "failed")
EVAL_STATUSES = ("queued", "running", "done", "failed")
GATE = "gate:"
"""Before the id of a gate, where a criterion's id may stand: a person lifted its cap."""


class _About(models.Model):
    """What is about one criterion (or cap) of one rep's official attempt. The database deletes it with the attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="%(class)ss", db_constraint=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    """The rep whose attempt it is."""
    criterion = models.CharField(max_length=96)
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Override(_About):
    """A manager's share for a criterion. The newest one counts; `share` null goes back to what was computed."""

    share = models.FloatField(null=True)
    computed_share = models.FloatField(null=True)
    """What the rules or the judge gave at that moment."""
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)

    class Meta:
        db_table = "criterion_overrides"
        indexes = [models.Index(fields=["attempt", "criterion", "-created_at"], name="overrides_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1), name="overrides_share_0_to_1"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="overrides_have_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.attempt_id}"


class Dispute(_About):
    """A rep's objection to a criterion, and the answer to it."""

    status = models.CharField(max_length=16, default="open")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "criterion_disputes"
        indexes = [
            models.Index(fields=["org", "created_at"], name="disputes_open", condition=Q(status="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "criterion"], name="disputes_one_open", condition=Q(status="open")
            ),
            models.CheckConstraint(condition=Q(status__in=DISPUTE_STATUSES), name="disputes_status_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="disputes_have_a_reason"),
            models.CheckConstraint(
                condition=~Q(status__in=("accepted", "declined")) | ~Q(answer=""), name="disputes_are_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.attempt_id}: {self.status}"


class Rescore(models.Model):
    """One run over history: every scored attempt at a scenario, scored by this version of its rubric."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    measure_again = models.BooleanField(default=False)
    """Read the transcripts again although the new rubric listens for the same."""
    status = models.CharField(max_length=16, default="queued")
    expected_s = models.FloatField(default=0)
    """How long it will take, going by the preview."""
    attempts = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    newly_passed = models.PositiveIntegerField(default=0)
    newly_failed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    """Attempts that stay as they are, because their words are forgotten and would have to be read again."""
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rescores"
        indexes = [models.Index(fields=["org", "-created_at"], name="rescores_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "scenario"], name="rescores_one_at_a_time", condition=Q(status__in=("queued", "running"))
            ),
            models.CheckConstraint(condition=Q(status__in=RESCORE_STATUSES), name="rescores_status_known"),
            models.CheckConstraint(condition=Q(moved__lte=F("attempts")), name="rescores_moved_of_attempts"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}: {self.status}"

    @property
    def is_waiting(self) -> bool:
        """Is it still to come or at work?"""
        return self.status in ("queued", "running")


class ScenarioEval(models.Model):
    """One run of simulated reps over one version of a scenario; `result` is what `parley eval --json` prints of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="evals")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    seeds = models.PositiveIntegerField(default=20)
    status = models.CharField(max_length=16, default="queued")
    progress = models.FloatField(default=0)
    """Share of the run that is done, 0..1."""
    result = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scenario_evals"
        indexes = [models.Index(fields=["org", "-created_at"], name="scenario_evals_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "scenario"],
                name="scenario_evals_one_at_a_time",
                condition=Q(status__in=("queued", "running")),
            ),
            models.CheckConstraint(condition=Q(status__in=EVAL_STATUSES), name="scenario_evals_status_known"),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="scenario_evals_progress_0_to_1"
            ),
            models.CheckConstraint(condition=Q(seeds__gte=1, seeds__lte=200), name="scenario_evals_seeds_sane"),
        ]

    def __str__(self) -> str:
        return f"eval of {self.scenario_id}: {self.status}"


class Exemplar(models.Model):
    """The exemplar call of one version of a scenario: an excellent simulated rep, voiced and scored like any other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    scenario = models.OneToOneField(Scenario, on_delete=models.CASCADE, related_name="exemplar")
    sha256 = models.CharField(max_length=64)
    """Of all that it is made from; the same again is not rendered again."""
    path = models.CharField(max_length=255)
    """In the bucket scenario-assets: stereo FLAC, the rep on the left."""
    duration_s = models.FloatField()
    seed = models.PositiveIntegerField()
    transcript = models.JSONField()
    kpis = models.JSONField()
    breakdown = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "scenario_exemplars"
        constraints = [models.CheckConstraint(condition=Q(duration_s__gt=0), name="scenario_exemplars_last")]

    def __str__(self) -> str:
        return f"exemplar of {self.scenario_id}"
