"""Reads over tracks and assignments, under the reader's claims."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parley.accounts.models import User
from parley.core.tenancy import Member
from parley.training.models import Assignment


def assignments_of(member: Member) -> QuerySet[Assignment]:
    """What is open for the member, by name or by their team; soonest due first, without a day last."""
    team = User.objects.filter(pk=member.user_id, team_id__isnull=False).values("team_id")
    return Assignment.objects.filter(
        Q(user_id=member.user_id) | Q(team_id__in=team), org_id=member.org_id, status="open"
    ).order_by("due_at", "created_at")


def count_open(member: Member) -> int:
    """How many assignments are open for the member."""
    return assignments_of(member).count()
