"""What a manager comes with: who needs me this week, and why?"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from parley.accounts.clock import clock_of
from parley.core.tenancy import Member
from parley.reporting.charts import skills_chart
from parley.reporting.filters import Filters, read_filters
from parley.reporting.queries import assigned, calls, people
from parley.reporting.queries.queue import disputes_waiting
from parley.reporting.queries.rows import Tally, total
from parley.reporting.queries.teams import TeamLine, team_tree, team_weeks
from parley.shell.dashboards import shared
from parley.shell.dashboards.words import counted, figure, listed, number, points, sentence


def page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """What the template shows."""
    filters = read_filters(asked, clock_of(member))
    weeks = team_weeks(filters.before, filters.until, filters.team, filters.keys)
    now = [row for row in weeks if row.week >= filters.since]
    before = [row for row in weeks if row.week < filters.since]
    reps = people.roster(filters.begins_at, team=filters.team, at_most=8)
    given = assigned.by_title(assigned.assignment_totals(filters.team, filters.track, filters.scenario))
    skills = calls.skills_of_team(member.org_id, filters.team, filters.begins_at)
    failed, failed_count = calls.official_calls(
        member,
        calls.CallFilter(filters.begins_at, filters.ends_at, filters.team, keys=filters.keys, result="failed"),
        at_most=5,
    )
    disputes, disputes_count = disputes_waiting()
    tree = team_tree(filters.teams, now, before)
    tally, was = total(now), total(before)
    return {
        "filters": filters,
        "problems": filters.problems,
        "answer": _answer(filters, reps, tally, was, disputes_count, skills),
        "has_team": bool(filters.teams),
        "reps": reps,
        "needy": [row for row in reps.rows if row.reasons],
        "metrics": [_in_need(filters, reps), *shared.headline(filters, tally, was)],
        "trend": shared.weekly_chart(filters, now, "Team score, week by week"),
        "radar": skills_chart(
            "Skills, over the latest 100 official calls",
            skills,
            lambda skill: shared.to("team-calls", filters, criterion=skill),
        ),
        "tree": [line for line in tree if _is_shown(line, filters, tree)],
        "given": given[:6],
        "standings": shared.standings(member, filters),
        "failed": failed,
        "failed_count": failed_count,
        "disputes": disputes,
        "disputes_count": disputes_count,
        "links": _links(filters),
    }


def _is_shown(line: TeamLine, filters: Filters, tree: list[TeamLine]) -> bool:
    """With a team chosen, only it and what hangs below it."""
    if filters.team is None:
        return True
    place = tree.index(line)
    for above in reversed(tree[: place + 1]):
        if above.id == filters.team and (above is line or above.depth < line.depth):
            return True
    return False


def _in_need(filters: Filters, reps: people.Roster) -> dict[str, Any]:
    return {
        "label": "Need your help",
        "value": f"{reps.in_need:,}",
        "note": f"of {counted(reps.people, 'rep')}",
        "icon": "hand",
        "href": shared.to("team", None, state="help", **({"team": filters.team} if filters.team else {})),
    }


def _answer(
    filters: Filters, reps: people.Roster, now: Tally, was: Tally, disputes: int, skills: list[calls.Skill]
) -> list[str]:
    if not filters.teams:
        return ["You manage no team yet. Ask your admin to make you the manager of one; its reps then appear here."]
    if not reps.people:
        return ["Nobody is on your teams yet. Ask your admin to put reps on them; their calls then appear here."]
    said = []
    if reps.in_need:
        named = listed([f"{row.name} ({listed(row.why)})" for row in reps.rows[:3] if row.reasons])
        more = f" and {number(reps.in_need - 3)} more" if reps.in_need > 3 else ""
        verb = "needs" if reps.in_need == 1 else "need"
        who = f"{number(reps.in_need)} of your {counted(reps.people, 'rep')}"
        said.append(f"{who} {verb} you this week: {named}{more}")
    else:
        said.append(
            f"None of your {counted(reps.people, 'rep')} needs you this week: nothing is overdue, nobody is falling"
        )
    if now.average is not None:
        change = None if was.average is None else round(now.average - was.average, 1)
        way = "" if not change else f", {'up' if change > 0 else 'down'} {points(change)} on {filters.before_name}"
        said.append(f"the average of {counted(now.attempts, 'official call')} is {figure(now.average)}{way}")
    elif not now.attempts:
        said.append("no official call was made in this period: assign a scenario to see where your team stands")
    if skills:
        weak = min(skills, key=lambda skill: skill.share)
        said.append(f"most points are lost on {weak.label.lower()} ({weak.percent} % earned)")
    if disputes:
        said.append(f"{counted(disputes, 'dispute waits', 'disputes wait')} for your answer")
    return [sentence(text) for text in said]


def _links(filters: Filters) -> dict[str, str]:
    return {
        "calls": shared.to("team-calls", filters),
        "failed": shared.to("team-calls", filters, result="failed"),
        "roster": shared.to("team", None, **({"team": filters.team} if filters.team else {})),
        "assignments": reverse("assignments") + filters.query(weeks=None),
        "disputes": reverse("disputes"),
        "leaderboard": reverse("leaderboard"),
    }
