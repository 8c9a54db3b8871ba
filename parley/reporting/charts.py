"""The two charts that several pages draw of scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Literal

from parley.core.ui.charts import Chart, Series
from parley.reporting.queries.calls import Skill

USUAL_PASS_MARK = 75
"""What rubrics ask for unless they say otherwise; a chart of many scenarios has no mark of its own."""


def weekly_scores(
    title: str,
    since: date,
    means: Sequence[float | None],
    href: Callable[[date, date], str],
    *,
    kind: Literal["line", "bar"] = "line",
) -> Chart:
    """Average scores (0..100, None where nothing was scored) of the weeks from `since` on, each with its address."""
    weeks = [since + timedelta(weeks=n) for n in range(len(means))]
    return Chart(
        kind=kind,
        title=title,
        heading="Week of",
        labels=[f"{week:%-d %b}" for week in weeks],
        series=[Series("Average score", list(means), "rep")],
        floor=0,
        ceiling=100,
        mark=USUAL_PASS_MARK,
        mark_label="Usual pass mark",
        hrefs=[href(week, week + timedelta(days=6)) for week in weeks],
    )


def skills_chart(title: str, skills: Sequence[Skill], href: Callable[[str], str]) -> Chart:
    """The share of points earned, in percent, by criterion; `href` gives the address of the calls behind an id."""
    return Chart(
        kind="radar",
        title=title,
        heading="Skill",
        labels=[skill.label for skill in skills],
        series=[Series("Share of points", [skill.percent for skill in skills], "rep")],
        unit="%",
        floor=0,
        ceiling=100,
        hrefs=[href(skill.id) for skill in skills],
    )
