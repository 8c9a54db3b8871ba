"""Reads over webhooks and what was sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from parley.integrations.models import WebhookDelivery

FAILING = ("failed", "dead")


@dataclass(frozen=True, slots=True)
class FailingHook:
    """One address that did not take what was sent to it."""

    url: str
    failing: int
    given_up: int
    latest: datetime


def failing_hooks(since: datetime) -> list[FailingHook]:
    """Addresses with deliveries since then that failed so far or were given up, the most first."""
    rows = (
        failed_deliveries(since)
        .values("webhook__url")
        .annotate(failing=Count("pk"), given_up=Count("pk", filter=Q(status="dead")), latest=Max("updated_at"))
        .order_by("-failing", "webhook__url")
    )
    return [FailingHook(row["webhook__url"], row["failing"], row["given_up"], row["latest"]) for row in rows]


def failed_deliveries(since: datetime) -> QuerySet[WebhookDelivery]:
    """Deliveries since then that failed so far or were given up, newest first."""
    found = WebhookDelivery.objects.filter(created_at__gte=since, status__in=FAILING)
    return found.select_related("webhook").order_by("-created_at")
