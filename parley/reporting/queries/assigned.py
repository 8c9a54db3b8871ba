"""What was given to whom, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from parley.reporting.queries.rows import fetch

STATES = {"overdue": "Overdue", "open": "Open", "done": "Done"}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """One assignment of one person. `best_score` is the best of its steps, `next_key` the scenario to do next."""

    assignment_id: UUID
    title: str
    scenario_key: str | None
    track_id: UUID | None
    due_at: datetime | None
    given_at: datetime
    steps: int
    steps_done: int
    attempts: int
    best_score: Decimal | None
    done_at: datetime | None
    next_key: str | None
    state: str
    user_id: UUID | None = None
    user_name: str = ""
    team_id: UUID | None = None
    team_name: str = ""
    matching: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to the people of one team: one track or scenario."""

    title: str
    track_id: UUID | None
    scenario_key: str | None
    team_id: UUID | None
    given: int
    done: int
    overdue: int
    begun: int


@dataclass(frozen=True, slots=True)
class GivenTotal:
    """The same over teams."""

    title: str
    track_id: UUID | None
    scenario_key: str | None
    given: int
    done: int
    overdue: int
    begun: int

    @property
    def done_percent(self) -> int:
        return round(100 * self.done / self.given) if self.given else 0


def my_assignments() -> list[Progress]:
    """The acting member's own, as of now; soonest due first, done ones last."""
    return fetch(Progress, "select * from my_assignments()")


def assignment_rows(
    *,
    state: str = "",
    team: UUID | None = None,
    person: UUID | None = None,
    track: UUID | None = None,
    scenario: str = "",
    at_most: int = PAGE,
    from_row: int = 0,
) -> list[Progress]:
    """Person by person, overdue first, for whoever answers for them; as of the last refresh."""
    return fetch(
        Progress,
        "select * from assignment_rows(%s, %s, %s, %s, %s, %s, %s)",
        [state, team, person, track, scenario, at_most, from_row],
    )


def assignment_totals(team: UUID | None = None, track: UUID | None = None, scenario: str = "") -> list[Given]:
    """By track or scenario and team."""
    return fetch(Given, "select * from assignment_totals(%s, %s, %s)", [team, track, scenario])


def by_title(given: list[Given]) -> list[GivenTotal]:
    """Over teams, the least done first."""
    sums: dict[tuple[str, UUID | None, str | None], list[int]] = {}
    for row in given:
        counts = sums.setdefault((row.title, row.track_id, row.scenario_key), [0, 0, 0, 0])
        for place, count in enumerate((row.given, row.done, row.overdue, row.begun)):
            counts[place] += count
    rows = [GivenTotal(*key, *counts) for key, counts in sums.items()]
    return sorted(rows, key=lambda row: (-row.overdue, row.done_percent, row.title))
