"""The audit log as people read it: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from parley.accounts.models import User
from parley.core.models import AuditEntry

PER_PAGE = 50
EXPORTED = 50_000
KINDS = {
    "users": "People", "teams": "Teams", "orgs": "Organisation", "consents": "Consents", "scenarios": "Scenarios",
    "tracks": "Tracks", "assignments": "Assignments", "webhooks": "Webhooks", "lender_facts": "Lender data",
    "criterion_overrides": "Overrides", "criterion_disputes": "Disputes", "pack_approvals": "Rule packs",
    "rescores": "Re-scores", "people_imports": "Lists of people",
    "erasures": "Erasures",
}  # fmt: skip
"""Tables by the name that people know."""
ACTIONS = {"insert": "added", "update": "changed", "delete": "deleted"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for; what it does not understand is left out."""

    who: UUID | None = None
    kind: str = ""
    action: str = ""
    row: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Wish:
        """Read the address."""
        before = query.get("before", "")
        return cls(
            who=_uuid(query.get("who", "")),
            kind=query.get("kind", "") if query.get("kind") in KINDS else "",
            action=query.get("action", "") if query.get("action") in ACTIONS else "",
            row=query.get("row", "").replace("\0", "")[:64],
            since=_date(query.get("since", "")),
            until=_date(query.get("until", "")),
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
        )

    @property
    def is_filtered(self) -> bool:
        return any((self.who, self.kind, self.action, self.row, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry ready to show."""

    id: int
    at: datetime
    who: str
    what: str
    row_id: str
    action: str
    changes: list[tuple[str, str, str]]
    """Column, old value, new value."""
    origin: str


def entries(wish: Wish) -> QuerySet[AuditEntry]:
    """The entries that fit, newest first; days are those of the reader's time zone."""
    found = AuditEntry.objects.all()
    if wish.who:
        found = found.filter(actor_id=wish.who)
    if wish.kind:
        found = found.filter(table_name=wish.kind)
    if wish.action:
        found = found.filter(action=wish.action)
    if wish.row:
        found = found.filter(row_id=wish.row)
    if wish.since:
        found = found.filter(at__gte=_midnight(wish.since))
    if wish.until:
        found = found.filter(at__lt=_midnight(wish.until + timedelta(days=1)))
    if wish.before:
        found = found.filter(pk__lt=wish.before)
    return found.order_by("-pk")


def page_of(wish: Wish) -> tuple[list[Line], int | None]:
    """One page, and after which entry the next begins; None at the end."""
    rows = list(entries(wish)[: PER_PAGE + 1])
    lines = list(_lines(rows[:PER_PAGE]))
    return lines, rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None


def exported(wish: Wish) -> Iterator[list[Any]]:
    """Rows of a CSV file: one per changed column, at most those of 50,000 entries."""
    for line in _lines(list(entries(wish)[:EXPORTED])):
        for column, old, new in line.changes or [("", "", "")]:
            yield [line.at.isoformat(), line.who, line.action, line.what, line.row_id, column, old, new, line.origin]


def people() -> list[User]:
    """Whom one can filter by: everybody who may have changed something."""
    return list(User.objects.order_by("first_name", "last_name", "email")[:1000])


def _lines(rows: list[AuditEntry]) -> Iterator[Line]:
    names = {user.pk: user.full_name for user in User.objects.filter(pk__in={row.actor_id for row in rows})}
    for row in rows:
        who = names.get(row.actor_id, "somebody who left") if row.actor_id else row.reason or "Parley itself"
        yield Line(
            row.pk, timezone.localtime(row.at), who, KINDS.get(row.table_name, row.table_name), row.row_id,
            ACTIONS[row.action], _changes(row), row.origin,
        )  # fmt: skip


def _changes(row: AuditEntry) -> list[tuple[str, str, str]]:
    old, new = row.old or {}, row.new or {}
    columns = [name for name in {**old, **new} if name not in ("id", "org_id", "created_at")]
    return [(name, _shown(old.get(name)), _shown(new.get(name))) for name in columns if old.get(name) or new.get(name)]


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 300 else f"{text[:299]}…"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None
