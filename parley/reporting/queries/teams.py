"""How teams do, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from parley.accounts.models import Team
from parley.reporting.queries.rows import Tally, fetch, total


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """Official attempts of one team in one week of the organisation's calendar."""

    week: date
    team_id: UUID | None
    attempts: int
    scored: int
    score_sum: Decimal | None
    passed: int
    failed: int
    goals_hit: int
    compliance_failed: int


@dataclass(frozen=True, slots=True)
class ScenarioTotal:
    """Official attempts at one scenario over a period."""

    scenario_key: str
    attempts: int
    scored: int
    score_sum: Decimal | None
    passed: int
    failed: int

    @property
    def tally(self) -> Tally:
        return total([self])


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team of the tree with everything below it."""

    id: UUID
    name: str
    depth: int
    now: Tally
    before: Tally

    @property
    def change(self) -> float | None:
        """Points of the average against the period before."""
        if self.now.average is None or self.before.average is None:
            return None
        return round(self.now.average - self.before.average, 1)


def team_weeks(since: date, until: date, team: UUID | None = None, keys: list[str] | None = None) -> list[TeamWeek]:
    """By week and team, oldest first; `keys` leaves only these scenarios."""
    return fetch(TeamWeek, "select * from team_weeks(%s, %s, %s, %s)", [since, until, team, keys])


def scenario_totals(since: date, until: date, team: UUID | None = None) -> list[ScenarioTotal]:
    """By scenario, over whole weeks."""
    return fetch(ScenarioTotal, "select * from scenario_totals(%s, %s, %s)", [since, until, team])


def teams_in_view() -> list[Team]:
    """The teams that the acting member answers for, by name."""
    return list(
        Team.objects.raw(
            "select t.* from teams t, teams_in_view() as mine where t.org_id = claim_org_id() "
            "and (mine is null or t.id = any (mine)) order by t.name"
        )
    )


def team_tree(teams: list[Team], now: list[TeamWeek], before: list[TeamWeek]) -> list[TeamLine]:
    """The tree, parents before children, each with the sums of what hangs below it."""
    ids = {team.pk for team in teams}
    children: dict[UUID | None, list[Team]] = {}
    for team in teams:
        children.setdefault(team.parent_id if team.parent_id in ids else None, []).append(team)
    lines: list[TeamLine] = []

    def walk(team: Team, depth: int) -> set[UUID]:
        place = len(lines)
        below = {team.pk}
        for child in children.get(team.pk, []):
            below |= walk(child, depth + 1)
        sums = [total(row for row in rows if row.team_id in below) for rows in (now, before)]
        lines.insert(place, TeamLine(team.pk, team.name, depth, *sums))
        return below

    for root in children.get(None, []):
        walk(root, 0)
    return lines
