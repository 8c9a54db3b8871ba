"""Changes of tracks and assignments, one function per business event."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from parley.accounts.models import Team, User
from parley.core import events
from parley.core.tenancy import Member
from parley.scenarios.models import Scenario
from parley.training.models import Assignment, Track


@transaction.atomic
def assign(
    what: Scenario | Track,
    *,
    to: User | Team,
    by: Member,
    due_at: datetime | None = None,
    threshold: Decimal | None = None,
    note: str = "",
) -> Assignment:
    """Give a scenario or a track to a person or a team and record `scenario.assigned`; policies say who may.

    The same again while it is open changes nothing and gives back what stands.
    """
    subject = {
        "scenario": what if isinstance(what, Scenario) else None,
        "track": what if isinstance(what, Track) else None,
        "user": to if isinstance(to, User) else None,
        "team": to if isinstance(to, Team) else None,
    }
    standing = Assignment.objects.filter(org_id=by.org_id, status="open", **subject).first()
    if standing is not None:
        return standing
    row = Assignment.objects.create(
        org_id=by.org_id, assigned_by_id=by.user_id, due_at=due_at, threshold=threshold, note=note, **subject
    )
    events.record("scenario.assigned", org_id=by.org_id, subject=("assignment", row.pk), actor_id=by.user_id)
    return row
