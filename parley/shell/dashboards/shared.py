"""What the dashboards of managers, admins and HR have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from parley.core.tenancy import Member
from parley.core.ui.cards import Standing
from parley.core.ui.charts import Chart, Trend
from parley.reporting.charts import weekly_scores
from parley.reporting.filters import Filters
from parley.reporting.queries.org import leaderboard
from parley.reporting.queries.rows import Tally, total
from parley.reporting.queries.teams import TeamWeek


def to(name: str, filters: Filters | None = None, /, **extra: object) -> str:
    """The address of a list, narrowed as the dashboard is."""
    address = reverse(name)
    if filters is not None:
        return address + filters.query(**extra)
    return f"{address}?{urlencode(extra)}" if extra else address


def moved(now: float | None, before: float | None, unit: str, filters: Filters, better: Any = "up") -> Trend | None:
    """How a figure moved against the period before; None when one of them is unknown."""
    if now is None or before is None:
        return None
    return Trend(round(now - before, 1), unit, f"on {filters.before_name}", better)


def weekly_chart(filters: Filters, rows: list[TeamWeek], title: str) -> Chart:
    """The average score, week by week."""
    weeks = [filters.since + timedelta(weeks=n) for n in range(filters.weeks)]
    sums: dict[Any, list[TeamWeek]] = {}
    for row in rows:
        sums.setdefault(row.week, []).append(row)
    tallies = [total(sums.get(week, [])) for week in weeks]
    return weekly_scores(
        title,
        filters.since,
        [tally.average for tally in tallies],
        lambda first, last: to("team-calls", filters, weeks=None, since=first, until=last),
        kind="bar" if filters.weeks < 4 else "line",
    )


def headline(filters: Filters, now: Tally, before: Tally) -> list[dict[str, Any]]:
    """The cards that all of these dashboards begin with."""
    share, was = now.pass_share, before.pass_share
    return [
        {
            "label": "Average score",
            "value": _figure(now.average),
            "note": f"of 100, {filters.period_name}",
            "icon": "gauge",
            "href": to("team-calls", filters),
            "trend": moved(now.average, before.average, "points", filters),
        },
        {
            "label": "Passed",
            "value": "–" if share is None else f"{100 * share:.0f} %",
            "icon": "circle-check",
            "note": f"{now.passed:,} of {now.passed + now.failed:,} calls",
            "href": to("team-calls", filters, result="passed"),
            "trend": moved(_hundred(share), _hundred(was), "percentage points", filters),
        },
        {
            "label": "Official calls",
            "value": f"{now.attempts:,}",
            "note": filters.period_name,
            "icon": "phone",
            "href": to("team-calls", filters),
            "trend": moved(now.attempts, before.attempts, "", filters, "none"),
        },
    ]


def standings(member: Member, filters: Filters, at_most: int = 8) -> list[Standing]:
    """The running month's board."""
    return [
        Standing(
            rank=place.place,
            name=place.user_name,
            score=None if place.average_score is None else float(place.average_score),
            attempts=place.attempts,
            href=reverse("team-person", args=[place.user_id]),
            me=place.user_id == member.user_id,
        )
        for place in leaderboard(filters.clock.today.replace(day=1), at_most)
    ]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share
