"""Lists as CSV: names, numbers and times, never words of a call."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from parley.accounts.clock import Clock
from parley.reporting.queries.assigned import Progress
from parley.reporting.queries.calls import CallRow
from parley.reporting.queries.people import RosterRow

MOST = 20_000
"""Rows of one file."""


def roster(rows: list[RosterRow], clock: Clock) -> HttpResponse:
    """One line per rep."""
    heads = (
        "name",
        "team",
        "official calls",
        "average of latest ten",
        "latest score",
        "latest call",
        "assigned",
        "done",
        "overdue",
        "needs help because",
    )
    lines = (
        (
            row.name,
            row.team_name,
            row.scored,
            row.average_score,
            row.last_score,
            _time(row.last_official_at, clock),
            row.assigned,
            row.done,
            row.overdue,
            "; ".join(row.why),
        )
        for row in rows
    )
    return _file("roster", heads, lines, clock)


def calls(rows: list[CallRow], clock: Clock) -> HttpResponse:
    """One line per official call."""
    heads = ("time", "rep", "team", "scenario", "score", "passed", "capped by a rule", "failed checks", "seconds")
    lines = (
        (
            _time(row.started_at, clock),
            row.user_name,
            row.team_name,
            row.scenario_title,
            row.score,
            _yes(row.passed),
            _yes(row.capped),
            row.compliance_failed,
            None if row.duration_s is None else round(row.duration_s),
        )
        for row in rows
    )
    return _file("official-calls", heads, lines, clock)


def assignments(rows: list[Progress], clock: Clock) -> HttpResponse:
    """One line per assignment and person."""
    heads = (
        "person",
        "team",
        "assignment",
        "state",
        "due",
        "given",
        "finished",
        "steps",
        "steps done",
        "attempts",
        "best score",
    )
    lines = (
        (
            row.user_name,
            row.team_name,
            row.title,
            row.state,
            _time(row.due_at, clock),
            _time(row.given_at, clock),
            _time(row.done_at, clock),
            row.steps,
            row.steps_done,
            row.attempts,
            row.best_score,
        )
        for row in rows
    )
    return _file("assignments", heads, lines, clock)


def _file(name: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], clock: Clock) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{clock.today}.csv"'
    writer = csv.writer(answer)
    writer.writerow(heads)
    writer.writerows([_safe(value) for value in line] for line in lines)
    return answer


def _safe(value: Any) -> Any:
    """A spreadsheet must not take somebody's name for a formula."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return f"'{value}"
    return "" if value is None else value


def _time(at: datetime | None, clock: Clock) -> str:
    return "" if at is None else f"{at.astimezone(clock.own_zone):%Y-%m-%d %H:%M}"


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
