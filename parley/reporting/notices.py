"""Mails of the morning: what is due, how the team did, and who asks to be erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.formats import date_format

from parley.accounts.clock import clock_of, zone_named
from parley.accounts.models import Team, User
from parley.accounts.notices import REASON, Line, Notice, link, send_notice
from parley.core.tenancy import Member, acting_as_service
from parley.reporting.models import Erasure, FactAttempt
from parley.reporting.queries import assigned, people
from parley.reporting.queries.queue import disputes_waiting
from parley.training.models import Assignment

HOUR = 8
"""Mails of the morning go out in this hour of the reader's day."""
SOON = timedelta(hours=48)
LATE = timedelta(hours=24)
NEED_DAYS = 28
LISTED = 8


def whom_to_remind(now: datetime) -> list[UUID]:
    """For whom it is morning and something is due within two days, or became overdue since yesterday."""
    with acting_as_service(REASON):
        due = Assignment.objects.filter(status="open", due_at__gt=now - LATE, due_at__lte=now + SOON)
        mine = due.filter(Q(user_id=OuterRef("pk")) | Q(team_id=OuterRef("team_id")), org_id=OuterRef("org_id"))
        return list(_in_the_morning(now).filter(Exists(mine)).values_list("pk", flat=True))


def whom_to_brief(now: datetime) -> list[UUID]:
    """For whom it is morning and who leads a team."""
    with acting_as_service(REASON):
        led = Team.objects.filter(manager_id=OuterRef("pk"), archived_at=None)
        leads = _in_the_morning(now).filter(Exists(led), role__in=("manager", "admin"))
        return list(leads.values_list("pk", flat=True))


def remind(user_id: UUID) -> bool:
    """Write to one person what is due; False when it is done, or they want no such mail."""

    def write(member: Member) -> Notice | None:
        now = timezone.now()
        rows = [row for row in assigned.my_assignments() if row.done_at is None and row.due_at is not None]
        late = [row for row in rows if row.due_at and now - LATE < row.due_at <= now]
        soon = [row for row in rows if row.due_at and now < row.due_at <= now + SOON]
        if not late and not soon:
            return None
        first = (late or soon)[0]
        said = "is overdue" if late else "is due soon"
        many = len(late) + len(soon)
        title = f"“{first.title}” {said}" if many == 1 else f"{many} assignments are due soon or overdue"
        lines = [Line(row.title, _due(row), _address(row)) for row in [*late, *soon]]
        return Notice(title, "this waits for you:", "See my assignments", link("assignments"), lines=lines)

    return send_notice(user_id, "due", write)


def brief(user_id: UUID) -> bool:
    """Write to whoever leads a team how yesterday was and who needs help; False when there is nothing to say.

    Official calls alone: what somebody practises by themselves is in no mail but their own.
    """

    def write(member: Member) -> Notice | None:
        clock = clock_of(member)
        since, until = clock.midnight(clock.today - timedelta(days=1)), clock.midnight(clock.today)
        facts = FactAttempt.objects.filter(
            org_id=member.org_id, mode="official", started_at__gte=since, started_at__lt=until
        )
        found = people.roster(clock.now - timedelta(days=NEED_DAYS), state="help", at_most=LISTED)
        disputes, waiting = disputes_waiting()
        scores = [fact.score for fact in facts if fact.score is not None]
        calls = facts.count()
        if not calls and not found.rows and not waiting:
            return None
        mean = f", {sum(scores) / len(scores):.0f} points on average" if scores else ""
        counted = f"{calls} official call{'' if calls == 1 else 's'}" if calls else "no official call"
        opening = f"your team held {counted} yesterday{mean}."
        if found.in_need:
            opening += f" {found.in_need} {'person needs' if found.in_need == 1 else 'people need'} your help."
        lines = [Line(row.name, ", ".join(row.why), link("team-person", row.user_id)) for row in found.rows]
        lines += [
            Line(f"{row.rep_name} disputes {row.label}", row.scenario_title, link("disputes")) for row in disputes
        ]
        title = f"Your team on {date_format(since.date(), 'l')}"
        return Notice(title, opening, "Open my team", link("team"), lines=lines)

    return send_notice(user_id, "digest", write)


def tell_of_request(erasure_id: UUID, admin_id: UUID) -> bool:
    """Write to an admin that somebody asks to be erased; this mail always comes."""

    def write(member: Member) -> Notice | None:
        row = Erasure.objects.filter(pk=erasure_id, status="asked").first()
        person = User.objects.filter(pk=row.user_id).first() if row else None
        if person is None:
            return None
        opening = f"{person.full_name} asks to be erased with all their calls. The law gives you a month to answer."
        title = f"{person.full_name} asks to be erased"
        return Notice(title, opening, "Look at the request", link("admin-erasures"))

    return send_notice(admin_id, "", write)


def admins_to_tell(erasure_id: UUID) -> list[UUID]:
    """The admins who decide this request, but for whoever asks."""
    with acting_as_service(REASON):
        row = Erasure.objects.filter(pk=erasure_id, status="asked").first()
        if row is None:
            return []
        admins = User.objects.filter(org_id=row.org_id, role="admin", is_active=True, identity__isnull=False)
        return list(admins.exclude(pk=row.user_id).values_list("pk", flat=True))


def _in_the_morning(now: datetime) -> QuerySet[User]:
    """Active people who have joined, where it is the hour of mails now."""
    here = User.objects.filter(is_active=True, identity__isnull=False).annotate(
        zone=Coalesce(NullIf(F("timezone"), Value("")), F("org__timezone"))
    )
    zones = here.order_by().values_list("zone", flat=True).distinct()
    return here.filter(zone__in=[zone for zone in zones if now.astimezone(zone_named(zone)).hour == HOUR])


def _due(row: assigned.Progress) -> str:
    assert row.due_at is not None
    when = date_format(timezone.localtime(row.due_at), "l, j F, H:i")
    progress = f", {row.steps_done} of {row.steps} done" if row.steps > 1 else ""
    return f"{'was due' if row.due_at <= timezone.now() else 'due'} {when}{progress}"


def _address(row: assigned.Progress) -> str:
    return link("scenario-detail", row.next_key) if row.next_key else link("assignments")
