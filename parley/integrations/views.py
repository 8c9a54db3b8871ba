"""What did not arrive at webhooks."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from parley.core.tenancy import Member
from parley.integrations.queries import failed_deliveries

DAYS, MOST = 90, 200


@require_GET
def webhook_failures(request: HttpRequest) -> HttpResponse:
    """Deliveries of the last 90 days that failed so far or were given up, newest first."""
    member: Member = request.member  # type: ignore[attr-defined]
    if member.role != "admin":
        raise PermissionDenied("Webhooks are for admins.")
    rows = failed_deliveries(timezone.now() - timedelta(days=DAYS)).defer("payload")[:MOST]
    return render(request, "integrations/failures.html", {"rows": rows, "days": DAYS})
