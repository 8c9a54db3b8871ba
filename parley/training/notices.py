"""Mails about what was given to somebody."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from parley.accounts.models import User
from parley.accounts.notices import REASON, Notice, link, send_notice
from parley.core.tenancy import Member, acting_as_service
from parley.training.models import Assignment


def people_of(assignment_id: UUID) -> list[UUID]:
    """Who got it, by name or by their team, but for whoever gave it; nobody once it is cancelled."""
    with acting_as_service(REASON):
        row = Assignment.objects.filter(pk=assignment_id, status="open").first()
        if row is None:
            return []
        mine = User.objects.filter(org_id=row.org_id, is_active=True, identity__isnull=False)
        if row.user_id:
            mine = mine.filter(pk=row.user_id)
        elif row.team_id:
            mine = mine.filter(team_id=row.team_id)
        return [pk for pk in mine.order_by("pk").values_list("pk", flat=True) if pk != row.assigned_by_id]


def tell_of_assignment(assignment_id: UUID, user_id: UUID) -> bool:
    """Write to one person that something was assigned to them; False when they want no such mail."""

    def write(member: Member) -> Notice | None:
        row = (
            Assignment.objects.select_related("scenario", "track", "assigned_by")
            .filter(pk=assignment_id, status="open")
            .first()
        )
        if row is None:
            return None
        what = row.scenario.title if row.scenario else row.track.title if row.track else ""
        by = row.assigned_by.full_name if row.assigned_by else "Somebody"
        due = f", due on {date_format(timezone.localtime(row.due_at), 'l, j F')}" if row.due_at else ""
        mark = f" The mark to reach is {row.threshold:g}." if row.threshold is not None else ""
        opening = f"{by} has assigned “{what}” to you{due}.{mark}"
        return Notice(f"New for you: {what}", opening, "See my assignments", link("assignments"), note=row.note)

    return send_notice(user_id, "assigned", write)
