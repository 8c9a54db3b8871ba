"""What the addresses of lists ask for beyond period, team, scenario and track."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from parley.accounts.models import Team
from parley.core.asked import read_day
from parley.reporting.filters import Filters
from parley.reporting.queries import assigned, calls, people
from parley.reporting.queries.teams import teams_in_view


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a list somebody is."""

    page: int
    last: int
    first_row: int
    last_row: int
    count: int
    before: str
    after: str


def pages(page: int, count: int, size: int, query: Callable[..., str]) -> Pages:
    """`query(page=…)` makes the address of another page."""
    last = max(1, -(-count // size))
    return Pages(
        page, last, min(count, (page - 1) * size + 1), min(count, page * size), count,
        query(page=page - 1) if page > 1 else "", query(page=page + 1) if page < last else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterAsked:
    """How the roster is narrowed and sorted."""

    team: UUID | None
    state: str
    named: str
    order: str
    teams: list[Team]
    is_csv: bool
    problems: list[str] = field(default_factory=list)

    @property
    def states(self) -> dict[str, str]:
        return people.STATES

    @property
    def orders(self) -> dict[str, str]:
        return people.ORDERS

    def query(self, **changes: object) -> str:
        """The same list with changes."""
        order = self.order if self.order != "help" else None
        return _query({"team": self.team, "state": self.state, "q": self.named, "order": order, **changes})


@dataclass(frozen=True, slots=True)
class CallsAsked:
    """How official calls are narrowed."""

    filter: calls.CallFilter
    filters: Filters
    is_csv: bool
    words: list[str]
    extra: dict[str, object]

    @property
    def results(self) -> dict[str, str]:
        return calls.RESULTS

    def query(self, **changes: object) -> str:
        """The same list with changes."""
        return self.filters.query(**{**self.extra, **changes})


@dataclass(frozen=True, slots=True)
class AssignmentsAsked:
    """How assignments are narrowed."""

    state: str
    person: UUID | None
    filters: Filters
    is_csv: bool

    @property
    def states(self) -> dict[str, str]:
        return assigned.STATES

    def query(self, **changes: object) -> str:
        """The same list with changes."""
        return self.filters.query(**{"weeks": None, "state": self.state, "person": self.person, **changes})


def read_roster(asked: QueryDict) -> RosterAsked:
    """What the address of the roster asks for."""
    problems: list[str] = []
    teams = teams_in_view()
    team = _chosen(asked, "team", (str(team.pk) for team in teams), problems)
    state = _chosen(asked, "state", people.STATES, problems)
    order = _chosen(asked, "order", people.ORDERS, problems) or "help"
    named = asked.get("q", "").replace("\0", "").strip()[:80]
    return RosterAsked(UUID(team) if team else None, state, named, order, teams, _csv(asked), problems)


def read_calls(asked: QueryDict, filters: Filters) -> CallsAsked:
    """What the address of the calls asks for; `since` and `until` are days that take the period's place."""
    problems = filters.problems
    result = _chosen(asked, "result", calls.RESULTS, problems)
    person = _uuid(asked, "person", problems)
    since, until = (
        read_day(asked.get("since", ""), "since", problems),
        read_day(asked.get("until", ""), "until", problems),
    )
    rule, criterion = asked.get("rule", "")[:80].replace("\0", ""), asked.get("criterion", "")[:80].replace("\0", "")
    clock = filters.clock
    begins = clock.midnight(since) if since else filters.begins_at
    ends = clock.midnight(until + timedelta(days=1)) if until else filters.ends_at
    words = [
        *([f"from {since:%-d %b %Y}"] if since else []),
        *([f"until {until:%-d %b %Y}"] if until else []),
        *([f"that broke rule {rule}"] if rule else []),
        *([f"with their share of {criterion}"] if criterion else []),
    ]
    extra: dict[str, object] = {
        "result": result, "person": person, "since": since, "until": until, "rule": rule, "criterion": criterion,
    }  # fmt: skip
    narrowed = calls.CallFilter(begins, ends, filters.team, person, filters.keys, result, rule, criterion)
    return CallsAsked(narrowed, filters, _csv(asked), words, extra)


def read_assignments(asked: QueryDict, filters: Filters) -> AssignmentsAsked:
    """What the address of the assignments asks for."""
    state = _chosen(asked, "state", assigned.STATES, filters.problems)
    return AssignmentsAsked(state, _uuid(asked, "person", filters.problems), filters, _csv(asked))


def _csv(asked: QueryDict) -> bool:
    return asked.get("format") == "csv"


def _query(values: dict[str, object]) -> str:
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else "?"


def _chosen(asked: QueryDict, name: str, known: Iterable[str], problems: list[str]) -> str:
    value = asked.get(name, "").strip()
    if value and value not in set(known):
        problems.append(f"{name}={value[:60]!r} names nothing that you can see here; it is left out.")
        return ""
    return value


def _uuid(asked: QueryDict, name: str, problems: list[str]) -> UUID | None:
    value = asked.get(name, "").strip()
    try:
        return UUID(value) if value else None
    except ValueError:
        problems.append(f"{name}={value[:60]!r} is no id; it is left out.")
        return None
