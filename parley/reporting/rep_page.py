"""One rep as whoever answers for them may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from parley.accounts.clock import Clock
from parley.core.tenancy import Member
from parley.core.ui.charts import Chart
from parley.reporting.charts import skills_chart, weekly_scores
from parley.reporting.queries import assigned, calls
from parley.reporting.queries.people import RosterRow

WEEKS = 26


def page(row: RosterRow, member: Member, clock: Clock) -> dict[str, Any]:
    """What the template shows: official calls of half a year."""
    assert row.user_id is not None
    since = clock.weeks_back(WEEKS)
    facts = calls.facts_of(member.org_id, row.user_id, since)
    skills = calls.skills_of(member.org_id, row.user_id, official_only=True)
    titles = {name.key: name.title for name in calls.scenario_names()}
    address = f"{reverse('team-calls')}?weeks=52&person={row.user_id}"
    return {
        "rep": row,
        "answer": _answer(row),
        "skills": skills,
        "trend": _trend(facts, clock, address),
        "radar": skills_chart(
            "Skills, over the latest 20 official calls", skills, lambda skill: f"{address}&criterion={skill}"
        ),
        "assigned": assigned.assignment_rows(person=row.user_id),
        "calls": [(fact, titles.get(fact.scenario_key, fact.scenario_key)) for fact in reversed(facts[-12:])],
        "calls_count": len(facts),
        "calls_url": address,
        "weeks": WEEKS,
    }


def _answer(row: RosterRow) -> str:
    if row.reasons:
        return f"{row.name} needs your help: {', '.join(row.why)}."
    if not row.scored:
        return f"{row.name} has made no official call yet. Assign a scenario to see where they stand."
    return f"Nothing is overdue and scores are not falling. The latest official calls average {row.average_score}."


def _trend(facts: list[calls.Fact], clock: Clock, address: str) -> Chart:
    weeks = [clock.weeks_back(WEEKS) + timedelta(weeks=n) for n in range(WEEKS)]
    means = []
    for week in weeks:
        scores = [f.score for f in facts if week <= f.day < week + timedelta(weeks=1) and f.score is not None]
        means.append(round(sum(scores) / len(scores), 1) if scores else None)
    return weekly_scores(
        "Official score, week by week", weeks[0], means, lambda first, last: f"{address}&since={first}&until={last}"
    )
