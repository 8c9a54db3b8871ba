"""A scenario as one organisation has it, one row per version."""

from __future__ import annotations

import uuid

from django.db import models

from parley.accounts.models import Org, User

STATUSES = ("draft", "published", "archived")
DIFFICULTIES = ("easy", "medium", "hard")
LENDER_KINDS = ("rate", "overlay", "product", "limit")


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def published(self) -> ScenarioQuerySet:
        """What a rep can practise now: the newest published version of each key."""
        newest = (
            Scenario.objects.filter(org_id=models.OuterRef("org_id"), key=models.OuterRef("key"), status="published")
            .order_by("-version")
            .values("pk")[:1]
        )
        return self.filter(status="published", pk=models.Subquery(newest)).order_by("code", "title")


class Scenario(models.Model):
    """Who the rep talks to, what happens and how it is scored.

    A published version is not edited; edits make the next one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="scenarios")
    key = models.SlugField(max_length=80)
    code = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    brief_for_rep = models.TextField(blank=True)
    vertical = models.CharField(max_length=40, default="mortgage")
    difficulty = models.CharField(max_length=16, default="medium")
    tags = models.JSONField(default=list, blank=True)
    persona = models.JSONField()
    ai_prompt = models.TextField(blank=True)
    branching = models.JSONField()
    playbook = models.JSONField(null=True, blank=True)
    """What a well-prepared rep would say, for simulated reps; docs/reference/playbook.md."""
    rubric = models.JSONField()
    goal = models.JSONField(default=dict)
    time_limit_s = models.PositiveIntegerField(default=900)
    status = models.CharField(max_length=16, default="draft")
    source_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        db_table = "scenarios"
        constraints = [
            models.UniqueConstraint(fields=["org", "key", "version"], name="scenarios_key_version_once_per_org"),
            models.UniqueConstraint(fields=["org", "id"], name="scenarios_org_id"),
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="scenarios_status_known"),
            models.CheckConstraint(condition=models.Q(difficulty__in=DIFFICULTIES), name="scenarios_difficulty_known"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="scenarios_version_from_1"),
            models.CheckConstraint(
                condition=models.Q(time_limit_s__gte=30, time_limit_s__lte=7200), name="scenarios_time_limit_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LenderFact(models.Model):
    """What the organisation offers or forbids from a day on: a rate, an overlay, a product, a limit.

    `value` holds its numbers, such as {"rate_percent": 6.5, "apr_percent": 6.71}. A later row of the same kind and key
    takes over on its `valid_from`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="lender_facts")
    kind = models.CharField(max_length=16)
    key = models.SlugField(max_length=80, db_index=False)
    label = models.CharField(max_length=160)
    value = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "lender_facts"
        constraints = [
            models.UniqueConstraint(fields=["org", "kind", "key", "valid_from"], name="lender_facts_once_per_day"),
            models.CheckConstraint(condition=models.Q(kind__in=LENDER_KINDS), name="lender_facts_kind_known"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="lender_facts_until_after_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} from {self.valid_from}"


class PackApproval(models.Model):
    """That a compliance officer of the organisation approved one version of a rule pack, and until when.

    Nothing of it changes but its withdrawal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="pack_approvals")
    pack = models.SlugField(max_length=40, db_index=False)
    version = models.PositiveIntegerField()
    officer = models.CharField(max_length=160)
    """Name and title of the compliance officer who approved."""
    note = models.TextField(blank=True)
    valid_until = models.DateField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    """The admin who recorded it."""
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)

    class Meta:
        db_table = "pack_approvals"
        indexes = [models.Index(fields=["org", "pack", "-at"], name="pack_approvals_newest")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(officer=""), name="pack_approvals_name_an_officer"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="pack_approvals_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} version {self.version} until {self.valid_until}"
