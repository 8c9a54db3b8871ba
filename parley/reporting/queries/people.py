"""The reps that somebody answers for, and who of them needs help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from parley.reporting.queries.rows import fetch

STATES = {
    "help": "Needs help",
    "overdue": "Something overdue",
    "falling": "Three falling scores",
    "compliance": "Broke a rule",
    "quiet": "No official call",
}
"""By the name in the address: what a roster may be narrowed to."""
ORDERS = {
    "help": "Needs help first",
    "name": "Name",
    "score": "Best average",
    "low": "Lowest average",
    "last": "Latest call",
}
PAGE = 25


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One rep, with what was official alone. Times are aware; scores 0..100, newest first."""

    user_id: UUID | None
    name: str
    team_id: UUID | None
    team_name: str
    joined_at: datetime | None
    scored: int
    last_official_at: datetime | None
    latest_scores: list[Decimal] | None
    average_score: Decimal | None
    is_falling: bool
    broke_rule_at: datetime | None
    broke_rule_in: UUID | None
    broken_rule: str | None
    assigned: int
    done: int
    overdue: int
    reasons: int
    matching: int
    people: int
    in_need: int
    silent: int

    @property
    def why(self) -> list[str]:
        """Why this rep needs help, in words."""
        found = []
        if self.overdue:
            found.append("overdue" if self.overdue == 1 else f"{self.overdue} overdue")
        if self.is_falling:
            found.append("three falling scores")
        if self.broke_rule_at:
            found.append(f"broke rule {self.broken_rule}")
        return found

    @property
    def last_score(self) -> Decimal | None:
        return self.latest_scores[0] if self.latest_scores else None

    @property
    def trend(self) -> list[float]:
        """The latest scores, oldest first."""
        return [float(score) for score in reversed(self.latest_scores or [])]


@dataclass(frozen=True, slots=True)
class Roster:
    """One page of reps, and how many there are."""

    rows: list[RosterRow]
    matching: int
    people: int
    in_need: int
    silent: int


def roster(
    since: datetime,
    *,
    team: UUID | None = None,
    state: str = "",
    named: str = "",
    order: str = "help",
    at_most: int = PAGE,
    from_row: int = 0,
) -> Roster:
    """The reps the acting member answers for; `since` is from when a broken rule or a missing call counts."""
    found = fetch(
        RosterRow,
        "select * from roster(%s, %s, %s, %s, %s, %s, %s)",
        [team, state, named, order, at_most, from_row, since],
    )
    rows = [row for row in found if row.user_id is not None]
    if not found:  # a page behind the last
        return Roster([], 0, 0, 0, 0)
    first = found[0]
    return Roster(rows, first.matching if rows else 0, first.people, first.in_need, first.silent)


def get_rep_for_reviewer(user_id: UUID, since: datetime) -> RosterRow | None:
    """One rep, when the acting member answers for them."""
    found = fetch(RosterRow, "select * from roster(at_most => 1, since => %s, of_user => %s)", [since, user_id])
    return next((row for row in found if row.user_id is not None), None)
