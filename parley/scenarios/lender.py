"""The organisation's dated figures: what it offers, limits and forbids, from which day until which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from parley.core import events
from parley.core.tenancy import Member
from parley.scenarios.models import LENDER_KINDS, LenderFact

KINDS = {"rate": "Rates", "limit": "Limits", "overlay": "Overlays", "product": "Products"}
"""By kind: what they are called, in the order of the page."""
ONE = {"rate": "rate", "limit": "limit", "overlay": "overlay", "product": "product"}
NUMBERS = {
    "rate": {"rate_percent": "Note rate, %", "apr_percent": "APR, %", "points": "Points"},
    "limit": {"amount": "Amount, $"},
    "overlay": {"minimum_score": "Minimum score", "maximum_ltv_percent": "Maximum LTV, %"},
    "product": {},
}
"""By kind: what numbers a row holds. Calls are checked against `rate_percent` and `amount`."""


class CannotChange(Exception):
    """The figures cannot be changed like this; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it stands on a day. `state`: stands, later (it begins on a day to come) or ended."""

    fact: LenderFact
    state: str
    until: date | None
    """Its own last day, or the day before the next row of the same key takes over."""

    @property
    def numbers(self) -> list[tuple[str, Any]]:
        """What it says, by heading."""
        known = NUMBERS[self.fact.kind]
        return [(words, self.fact.value[name]) for name, words in known.items() if name in self.fact.value]


def lines(on: date | None = None) -> dict[str, list[Line]]:
    """The figures of the acting organisation by kind: of each key what stands or begins later, else the last."""
    day = on or timezone.localdate()
    found: dict[str, list[Line]] = {kind: [] for kind in KINDS}
    for (kind, _), rows in _by_key().items():
        shown = [line for line in _history(rows, day) if line.state != "ended"]
        found[kind] += shown or _history(rows, day)[:1]
    return found


def history(fact: LenderFact, on: date | None = None) -> list[Line]:
    """Every row of the same kind and key, newest first."""
    rows = LenderFact.objects.filter(org_id=fact.org_id, kind=fact.kind, key=fact.key).order_by("-valid_from")
    return _history(list(rows), on or timezone.localdate())


def standing_figures(on: date | None = None) -> dict[str, int]:
    """How many figures calls are checked against today, by kind."""
    found = lines(on)
    return {
        kind: sum(line.state == "stands" and name in line.fact.value for line in found[kind])
        for kind, name in (("rate", "rate_percent"), ("limit", "amount"))
    }


@transaction.atomic
def add_fact(
    *, kind: str, label: str, value: dict[str, Any], note: str, valid_from: date, valid_until: date | None, by: Member,
    key: str = "",
) -> LenderFact:  # fmt: skip
    """Write a figure from a day on; a row of the same name takes over there. Raises CannotChange."""
    if kind not in LENDER_KINDS:
        raise CannotChange(f"{kind!r} is no kind of lender data; use one of {', '.join(LENDER_KINDS)}.")
    key = key or slugify(label)[:80] or "figure"
    values = {"label": label, "value": value, "note": note, "valid_until": valid_until}
    try:
        with transaction.atomic():
            row = LenderFact.objects.create(org_id=by.org_id, kind=kind, key=key, valid_from=valid_from, **values)
    except IntegrityError:
        raise CannotChange(
            f"“{label}” has a row from {valid_from:%d %b %Y} already; change that one, or choose another first day."
        ) from None
    _record("lender_fact.added", row, by)
    return row


@transaction.atomic
def change_fact(fact_id: UUID, values: dict[str, Any], *, by: Member) -> LenderFact:
    """Correct a row. Calls that were held keep what they were checked against. Raises CannotChange."""
    row = LenderFact.objects.select_for_update().get(pk=fact_id)
    changed = [name for name in values if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        try:
            with transaction.atomic():
                row.save(update_fields=[*changed, "updated_at"])
        except IntegrityError:
            raise CannotChange(f"“{row.label}” has another row from {row.valid_from:%d %b %Y} already.") from None
        _record("lender_fact.changed", row, by)
    return row


@transaction.atomic
def end_fact(fact_id: UUID, *, last_day: date, by: Member) -> LenderFact:
    """Let a figure end after a day. Raises CannotChange for a day before its first."""
    row = LenderFact.objects.select_for_update().get(pk=fact_id)
    if last_day < row.valid_from:
        raise CannotChange(f"“{row.label}” begins on {row.valid_from:%d %b %Y} and cannot end on {last_day:%d %b %Y}.")
    return change_fact(fact_id, {"valid_until": last_day}, by=by)


def _by_key() -> dict[tuple[str, str], list[LenderFact]]:
    found: dict[tuple[str, str], list[LenderFact]] = {}
    for row in LenderFact.objects.order_by("key", "-valid_from"):
        found.setdefault((row.kind, row.key), []).append(row)
    return dict(sorted(found.items(), key=lambda group: group[1][0].label.casefold()))


def _history(rows: list[LenderFact], day: date) -> list[Line]:
    """Rows of one key, newest first, each until the next one takes over."""
    found: list[Line] = []
    next_from: date | None = None
    for row in rows:
        ends = [end for end in (row.valid_until, next_from and next_from - timedelta(days=1)) if end]
        until = min(ends) if ends else None
        state = "later" if row.valid_from > day else "ended" if until and until < day else "stands"
        found.append(Line(row, state, until))
        next_from = row.valid_from
    return found


def _record(event: str, row: LenderFact, by: Member) -> None:
    data = {"kind": row.kind, "key": row.key}
    events.record(event, org_id=by.org_id, subject=("lender_fact", row.pk), actor_id=by.user_id, data=data)
