"""An organisation as its admins and HR look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from parley.reporting.queries.rows import fetch


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls of every mode since a day, and when they were counted."""

    calls: int
    minutes: Decimal
    active_people: int
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class People:
    """The users of an organisation, counted."""

    active: int
    trainees: int
    managers: int
    office: int
    inactive: int
    never_in: int
    without_team: int


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule, in how many calls and by how many people it was broken."""

    rule: str
    severity: str
    calls: int
    people: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the month's board. `place` is the organisation's."""

    user_id: UUID
    user_name: str
    team_name: str
    place: int
    average_score: Decimal | None
    best_score: Decimal | None
    attempts: int
    passed: int


def usage_since(day: date) -> Usage:
    """What was used since that day; for admin and hr."""
    found = fetch(Usage, "select * from usage_since(%s)", [day])
    return found[0] if found else Usage(0, Decimal(0), 0, None)


def people(org_id: UUID) -> People:
    """Counts of users, by role and state."""
    return fetch(
        People,
        """
        select count(*) filter (where is_active) as active,
            count(*) filter (where is_active and role = 'trainee') as trainees,
            count(*) filter (where is_active and role = 'manager') as managers,
            count(*) filter (where is_active and role in ('admin', 'hr')) as office,
            count(*) filter (where not is_active) as inactive,
            count(*) filter (where is_active and last_login_at is null) as never_in,
            count(*) filter (where is_active and role = 'trainee' and team_id is null) as without_team
        from users where org_id = %s
        """,
        [org_id],
    )[0]


def broken_rules(since: datetime, until: datetime, team: UUID | None = None) -> list[BrokenRule]:
    """By rule, the grave ones first."""
    return fetch(BrokenRule, "select * from compliance_totals(%s, %s, %s)", [since, until, team])


def leaderboard(month: date, at_most: int = 10) -> list[Place]:
    """The month's board as the acting member may see it."""
    return fetch(Place, "select * from leaderboard(%s, %s)", [month, at_most])


def counted_at() -> datetime | None:
    """When the oldest of the rollups was counted; None before the first time."""
    with connection.cursor() as cursor:
        cursor.execute("select min(began_at) from reporting_refreshes")
        row = cursor.fetchone()
    return row[0] if row else None
