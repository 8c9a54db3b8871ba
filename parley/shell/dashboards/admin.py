"""What an admin comes with: is everything running, is it used, and is it worth what we pay?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from parley.accounts.clock import clock_of
from parley.accounts.models import Org
from parley.core.tenancy import Member
from parley.integrations.queries import FailingHook, failing_hooks
from parley.reporting.filters import Filters, read_filters
from parley.reporting.queries import org, people
from parley.reporting.queries.rows import Tally, total
from parley.reporting.queries.teams import scenario_totals, team_tree, team_weeks
from parley.shell.dashboards import shared
from parley.shell.dashboards.words import counted, figure, points, sentence


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of the plan. `limit` None: the plan sets none."""

    label: str
    used: float
    limit: float | None
    unit: str
    href: str

    @property
    def is_near(self) -> bool:
        return self.limit is not None and self.used >= 0.9 * self.limit

    @property
    def words(self) -> str:
        """`41 of 50 people`."""
        used = f"{self.used:,.0f}"
        return f"{used} of {self.limit:,.0f} {self.unit}" if self.limit is not None else f"{used} {self.unit}, no limit"


def page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """What the template shows; system health comes by itself (see health)."""
    filters = read_filters(asked, clock_of(member))
    weeks = team_weeks(filters.before, filters.until, filters.team, filters.keys)
    now = [row for row in weeks if row.week >= filters.since]
    before = [row for row in weeks if row.week < filters.since]
    users = org.people(member.org_id)
    month = org.usage_since(filters.clock.today.replace(day=1))
    period = org.usage_since(filters.since)
    hooks = failing_hooks(filters.begins_at)
    limits = _limits(member, users, month)
    reps = people.roster(filters.begins_at, team=filters.team, at_most=1)
    tally, was = total(now), total(before)
    names = {row.key: row.title for row in filters.scenarios}
    totals = scenario_totals(filters.since, filters.until, filters.team)
    chosen = [row for row in totals if row.scored and (filters.keys is None or row.scenario_key in filters.keys)]
    hardest = sorted(chosen, key=lambda row: row.tally.average or 0)[:8]
    return {
        "filters": filters,
        "problems": filters.problems,
        "answer": _answer(filters, users, period, limits, hooks, tally, was, reps),
        "metrics": [_active(filters, users, period), *shared.headline(filters, tally, was)],
        "trend": shared.weekly_chart(filters, now, "Official calls: average score, week by week"),
        "tree": [line for line in team_tree(filters.teams, now, before) if line.depth < 3],
        "users": users,
        "limits": limits,
        "month": month,
        "period": period,
        "hooks": hooks,
        "scenarios": [
            (
                names.get(row.scenario_key, row.scenario_key),
                row,
                shared.to("team-calls", filters, scenario=row.scenario_key),
            )
            for row in hardest
        ],
        "reps": reps,
        "links": {
            "calls": shared.to("team-calls", filters),
            "users": users_url(),
            "hooks": reverse("webhook-failures"),
            "roster": reverse("team"),
            "quiet": shared.to("team", None, state="quiet"),
        },
    }


def users_url(**asked: str) -> str:
    """Where an admin manages people."""
    try:
        return reverse("admin-users")
    except NoReverseMatch:
        return shared.to("team")


def _limits(member: Member, users: org.People, month: org.Usage) -> list[Limit]:
    given = Org.objects.filter(pk=member.org_id).values_list("entitlements", flat=True).first() or {}

    def number(name: str) -> float | None:
        value = given.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    return [
        Limit("Seats", users.active, number("seats"), "people", users_url()),
        Limit(
            "Minutes this month", float(month.minutes), number("minutes_per_month"), "minutes", shared.to("team-calls")
        ),
    ]


def _active(filters: Filters, users: org.People, period: org.Usage) -> dict[str, Any]:
    return {
        "label": "Active people",
        "value": f"{period.active_people:,}",
        "note": f"of {users.active:,}, {filters.period_name}",
        "icon": "users",
        "href": reverse("team"),
    }


def _answer(
    filters: Filters,
    users: org.People,
    period: org.Usage,
    limits: list[Limit],
    hooks: list[FailingHook],
    now: Tally,
    was: Tally,
    reps: people.Roster,
) -> list[str]:
    if not users.trainees:
        return ["Nobody practises here yet. Invite your reps and put them on teams; their calls then appear here."]
    who = counted(period.active_people, "person", "people")
    calls = counted(period.calls, "call")
    said = [f"{who} of {users.active:,} practised in {filters.period_name}, in {calls}"]
    if now.average is not None and was.average is not None and abs(now.average - was.average) >= 0.5:
        way = "up" if now.average > was.average else "down"
        change = f"{way} {points(now.average - was.average)} on {filters.before_name}"
        said.append(f"official calls average {figure(now.average)}, {change}")
    elif now.average is not None:
        said.append(f"official calls average {figure(now.average)}")
    if reps.silent:
        said.append(f"{counted(reps.silent, 'rep')} made no official call")
    said += [f"{limit.label.lower()} are nearly used up: {limit.words}" for limit in limits if limit.is_near]
    if hooks:
        failing = sum(hook.failing for hook in hooks)
        what = counted(failing, "webhook delivery", "webhook deliveries")
        said.append(f"{what} failed at {counted(len(hooks), 'address', 'addresses')}")
    return [sentence(text) for text in said]
