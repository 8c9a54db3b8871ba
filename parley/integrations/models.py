"""Where an organisation wants to be told what happened, and each time it was."""

from __future__ import annotations

import secrets
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from parley.accounts.models import Org

WEBHOOK_EVENTS = (
    "scenario.assigned",
    "scenario.completed",
    "attempt.scored.low",
    "track.completed",
    "user.added",
)
DELIVERY_STATUSES = ("pending", "delivered", "failed", "dead")


def make_secret() -> str:
    """A fresh secret to sign deliveries with."""
    return f"whsec_{secrets.token_urlsafe(32)}"


class Webhook(models.Model):
    """One address of the organisation that hears the events it subscribes to, signed with its own secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    description = models.CharField(max_length=160, blank=True)
    events = ArrayField(models.CharField(max_length=64))
    secret = models.CharField(max_length=128, default=make_secret)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "webhooks"
        constraints = [
            models.UniqueConstraint(fields=["org", "url"], name="webhooks_url_once_per_org"),
            models.UniqueConstraint(fields=["org", "id"], name="webhooks_org_id"),
            models.CheckConstraint(
                condition=Q(events__contained_by=list(WEBHOOK_EVENTS)), name="webhooks_events_known"
            ),
            models.CheckConstraint(condition=Q(url__regex=r"^https?://"), name="webhooks_url_http"),
            models.CheckConstraint(condition=~Q(secret=""), name="webhooks_secret_set"),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event on its way to one webhook, with every answer it got until it arrived or was given up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=64)
    idempotency_key = models.UUIDField()
    payload = models.JSONField()
    status = models.CharField(max_length=16, default="pending")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_body = models.TextField(blank=True)
    last_error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "webhook_deliveries"
        indexes = [
            models.Index(fields=["org", "-created_at"], name="webhook_deliveries_org_created"),
            models.Index(
                fields=["next_try_at"], name="webhook_deliveries_due", condition=Q(status__in=("pending", "failed"))
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "idempotency_key"], name="webhook_deliveries_once"),
            models.CheckConstraint(condition=Q(status__in=DELIVERY_STATUSES), name="webhook_deliveries_status_known"),
            models.CheckConstraint(condition=Q(event__in=WEBHOOK_EVENTS), name="webhook_deliveries_event_known"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.status}"
