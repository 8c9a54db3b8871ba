"""One attempt at a scenario, with what was said and recorded."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.urls import reverse

from parley.accounts.models import Org, Team, User
from parley.scenarios.models import Scenario

STATUSES = ("created", "live", "ended", "scored", "abandoned", "failed")
RUNNING = ("created", "live")
MODES = ("practice", "official")
KINDS = ("voice", "typed", "imported")


class Attempt(models.Model):
    """One call. What it was held and scored by (brief, rubric, seed, consent) is frozen here when it starts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attempts")
    user_role = models.CharField(max_length=16, blank=True, default="", editable=False)
    """Role and team of the person when the call began; the database fills both in."""
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="attempts")
    mode = models.CharField(max_length=16, default="practice")
    kind = models.CharField(max_length=16, default="voice")
    status = models.CharField(max_length=16, default="created")
    seed = models.BigIntegerField()
    brief = models.JSONField()
    rubric = models.JSONField()
    versions = models.JSONField(default=dict)
    time_limit_s = models.PositiveIntegerField()
    consent_text = models.TextField()
    consented_at = models.DateTimeField()
    token_id = models.UUIDField(null=True)
    token_used = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    duration_s = models.FloatField(null=True)
    end_reason = models.CharField(max_length=32, blank=True)
    latencies_ms = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    models_used = models.JSONField(default=dict)
    kpis = models.JSONField(null=True)
    """Written whole, read without words: `with_words` gives back what KPIs, breakdown and feedback quote."""
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    score_breakdown = models.JSONField(null=True)
    score_history = models.JSONField(default=list, db_default=[])
    """Earlier scores, oldest first, each with why it was replaced; holds no words of the call."""
    feedback = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "scenario_attempts"
        indexes = [
            models.Index(fields=["org", "user", "-created_at"], name="attempts_org_user_created"),
            models.Index(fields=["org", "scenario", "-created_at"], name="attempts_org_scenario_created"),
            models.Index(
                fields=["status", "heartbeat_at"], name="attempts_running", condition=models.Q(status__in=RUNNING)
            ),
            models.Index(fields=["scored_at", "id"], name="attempts_scored", condition=models.Q(status="scored")),
            models.Index(fields=["org", "-created_at"], name="attempts_official", condition=models.Q(mode="official")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="attempts_status_known"),
            models.CheckConstraint(condition=models.Q(mode__in=MODES), name="attempts_mode_known"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="attempts_kind_known"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=100),
                name="attempts_score_0_to_100",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} by {self.user_id}"

    def get_absolute_url(self) -> str:
        """The review page."""
        return reverse("attempt-review", args=[self.pk])

    @property
    def is_running(self) -> bool:
        """May the call still be joined?"""
        return self.status in RUNNING

    @property
    def persona_name(self) -> str:
        """The buyer of the frozen brief; lists ask the database for the name alone, as `persona`."""
        if "persona" in self.__dict__:
            return str(self.__dict__["persona"] or "")
        persona: dict[str, Any] = self.brief.get("persona", {})
        return str(persona.get("name", ""))


class LiveUtterance(models.Model):
    """An utterance as it was said, kept while the call runs so that a killed process loses only the sentence
    being spoken.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="live_utterances")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    i = models.PositiveIntegerField()
    utterance = models.JSONField()

    class Meta:
        db_table = "attempt_utterances"
        constraints = [models.UniqueConstraint(fields=["attempt", "i"], name="attempt_utterances_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id} #{self.i}"


class Transcript(models.Model):
    """The transcript of record, apart from the attempt because HR may read scores but not words."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, primary_key=True, related_name="transcript_row")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    transcript = models.JSONField(default=list)
    path = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "attempt_transcripts"

    def __str__(self) -> str:
        return f"transcript of {self.attempt_id}"


class Words(models.Model):
    """What score and feedback quote, apart from the attempt because HR reads numbers, never words.

    The database fills it: whatever is written to the three columns of an attempt is kept whole here and without words
    there. Null: the attempt's own document holds no words.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, primary_key=True, related_name="words_row")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    kpis = models.JSONField(null=True)
    score_breakdown = models.JSONField(null=True)
    feedback = models.JSONField(null=True)

    class Meta:
        db_table = "attempt_words"

    def __str__(self) -> str:
        return f"words of {self.attempt_id}"


class Recording(models.Model):
    """The stereo recording in the `recordings` bucket: left rep, right buyer."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, primary_key=True, related_name="recording_row")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=255)
    duration_s = models.FloatField()
    channels = models.PositiveSmallIntegerField(default=2)
    sample_rate = models.PositiveIntegerField(default=16000)
    bytes = models.BigIntegerField()
    peaks = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "attempt_recordings"

    def __str__(self) -> str:
        return f"recording of {self.attempt_id}"
