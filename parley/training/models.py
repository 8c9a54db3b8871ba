"""What a person is asked to practise: tracks of scenarios, and assignments of either."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from parley.accounts.models import Org, Team, User
from parley.scenarios.models import Scenario

TRACK_STATUSES = ("draft", "published", "archived")
ASSIGNMENT_STATUSES = ("open", "cancelled")


class Track(models.Model):
    """A curriculum: scenarios in an order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="tracks")
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    status = models.CharField(max_length=16, default="draft")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "tracks"
        constraints = [
            models.UniqueConstraint(fields=["org", "title"], name="tracks_title_once_per_org"),
            models.UniqueConstraint(fields=["org", "id"], name="tracks_org_id"),
            models.CheckConstraint(condition=Q(status__in=TRACK_STATUSES), name="tracks_status_known"),
        ]

    def __str__(self) -> str:
        return self.title


class TrackScenario(models.Model):
    """A scenario at its place in a track, with what must be passed before and the mark that passes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="steps")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="track_steps")
    position = models.PositiveSmallIntegerField()
    prerequisite = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="opens", db_index=False
    )
    pass_mark = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "track_scenarios"
        ordering = ["track", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["track", "position"],
                name="track_scenarios_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["track", "scenario"], name="track_scenarios_scenario_once"),
            models.UniqueConstraint(fields=["track", "id"], name="track_scenarios_track_id"),
            models.CheckConstraint(condition=Q(position__gte=1), name="track_scenarios_position_from_1"),
            models.CheckConstraint(
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__gte=0, pass_mark__lte=100),
                name="track_scenarios_pass_mark_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(prerequisite__isnull=True) | ~Q(prerequisite=models.F("id")),
                name="track_scenarios_not_its_own_prerequisite",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.scenario_id}"


class Assignment(models.Model):
    """A scenario or a track, given to a person or a team, with a day and a mark to reach."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="assignments")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="assignments")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="assignments")
    assigned_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(null=True, blank=True)
    threshold = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    attempts_allowed = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=16, default="open")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "assignments"
        indexes = [
            models.Index(fields=["org", "user", "due_at"], name="assignments_org_user_due"),
            models.Index(fields=["org", "team", "due_at"], name="assignments_org_team_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(scenario__isnull=False, track__isnull=True) | Q(scenario__isnull=True, track__isnull=False),
                name="assignments_scenario_or_track",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False),
                name="assignments_user_or_team",
            ),
            models.CheckConstraint(condition=Q(status__in=ASSIGNMENT_STATUSES), name="assignments_status_known"),
            models.CheckConstraint(
                condition=Q(threshold__isnull=True) | Q(threshold__gte=0, threshold__lte=100),
                name="assignments_threshold_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed__isnull=True) | Q(attempts_allowed__gte=1),
                name="assignments_attempts_allowed_from_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id or self.track_id} for {self.user_id or self.team_id}"
