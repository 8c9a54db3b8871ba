"""Official calls as lists narrow them, one's own history, and skills by criterion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from parley.core.tenancy import Member
from parley.reporting.models import FactAttempt, FactKpiEvent
from parley.reporting.queries.rows import fetch
from parley.scenarios.models import Scenario

RESULTS = {"passed": "Passed", "failed": "Not passed", "compliance": "Broke a rule", "unjudged": "Not enough to judge"}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Fact:
    """One scored call; score 0..100, None where there was not enough to judge."""

    attempt_id: UUID
    started_at: datetime
    day: date
    mode: str
    scenario_key: str
    score: float | None
    passed: bool | None
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One official call of somebody's, as a list shows it. `share` is that of the criterion asked for, 0..1."""

    attempt_id: UUID
    user_id: UUID
    user_name: str
    team_name: str
    scenario_title: str
    started_at: datetime
    score: float | None
    passed: bool | None
    abstained: bool
    capped: bool
    compliance_failed: int
    duration_s: float | None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """How much of a criterion's points was earned, over some calls; share 0..1."""

    id: str
    label: str
    share: float
    calls: int

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def own_facts(member: Member, since: date) -> list[Fact]:
    """The member's own scored calls since a day, practice too, oldest first."""
    return _facts(FactAttempt.objects.filter(org_id=member.org_id, user_id=member.user_id, day__gte=since))


def facts_of(org_id: UUID, user_id: UUID, since: date) -> list[Fact]:
    """A rep's official calls since a day, oldest first; never practice."""
    return _facts(FactAttempt.objects.filter(org_id=org_id, user_id=user_id, day__gte=since, mode="official"))


def _facts(rows: QuerySet[FactAttempt]) -> list[Fact]:
    names = ("attempt_id", "started_at", "day", "mode", "scenario_key", "score", "passed", "duration_s", "abstained")
    return [
        Fact(a, at, day, mode, key, None if off or score is None else float(score), passed, duration)
        for a, at, day, mode, key, score, passed, duration, off in rows.order_by("started_at").values_list(*names)
    ]


def skills_of(org_id: UUID, user_id: UUID, *, official_only: bool, calls: int = 20) -> list[Skill]:
    """Share of each criterion over the person's latest scored calls, in the rubric's order."""
    return fetch(
        Skill,
        _SKILLS.format(
            chosen="select a.score_breakdown from scenario_attempts a where a.org_id = %s and a.user_id = %s "
            "and a.status = 'scored' and (a.mode = 'official' or not %s) order by a.created_at desc limit %s"
        ),
        [org_id, user_id, official_only, calls],
    )


def skills_of_team(org_id: UUID, team: UUID | None, since: datetime, calls: int = 100) -> list[Skill]:
    """Share of each criterion over the latest official calls of a team and what hangs below it."""
    return fetch(
        Skill,
        _SKILLS.format(
            chosen="select a.score_breakdown from scenario_attempts a, teams_in_view(%s) as mine where a.org_id = %s "
            "and a.mode = 'official' and a.status = 'scored' and a.created_at >= %s "
            "and (mine is null or a.team_id = any (mine)) order by a.created_at desc limit %s"
        ),
        [team, org_id, since, calls],
    )


_SKILLS = """
    select c ->> 'id' as id, max(c ->> 'label') as label, avg((c ->> 'share')::float8) as share,
        count(*)::integer as calls
    from ({chosen}) as a
    cross join lateral jsonb_array_elements(a.score_breakdown -> 'criteria') with ordinality as e(c, place)
    where jsonb_typeof(c -> 'share') = 'number'
    group by 1 order by min(place), 1
"""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What narrows a list of official calls; empty means all."""

    since: datetime
    until: datetime
    team: UUID | None = None
    person: UUID | None = None
    keys: list[str] | None = None
    result: str = ""
    rule: str = ""
    criterion: str = ""


def official_calls(
    member: Member, asked: CallFilter, *, page: int = 1, at_most: int = PAGE
) -> tuple[list[CallRow], int]:
    """One page of official calls, newest first, and how many there are."""
    found = FactAttempt.objects.filter(
        org_id=member.org_id, mode="official", started_at__gte=asked.since, started_at__lt=asked.until
    )
    if asked.person:
        found = found.filter(user_id=asked.person)
    if asked.keys is not None:
        found = found.filter(scenario_key__in=asked.keys)
    if asked.team:
        found = found.filter(team_id__in=_teams(asked.team))
    if asked.result in ("passed", "failed"):
        found = found.filter(passed=asked.result == "passed")
    if asked.result == "unjudged":
        found = found.filter(passed=None)
    if asked.result == "compliance" or asked.rule:
        events = FactKpiEvent.objects.filter(
            org_id=member.org_id, kind="compliance", started_at__gte=asked.since, started_at__lt=asked.until
        )
        events = events.filter(name=asked.rule) if asked.rule else events.filter(outcome="fail")
        found = found.filter(attempt_id__in=events.values("attempt_id"))
    count = found.count()
    first = (page - 1) * at_most
    newest = found.order_by("-started_at", "attempt_id").values_list("attempt_id", flat=True)
    ids = list(newest[first : first + at_most])
    return _call_rows(ids, asked.criterion), count


def _call_rows(ids: list[UUID], criterion: str) -> list[CallRow]:
    if not ids:
        return []
    return fetch(
        CallRow,
        """
        select f.attempt_id, f.user_id, coalesce(d.name, 'Somebody erased') as user_name,
            coalesce(d.team_name, '') as team_name, coalesce(s.title, f.scenario_key) as scenario_title, f.started_at,
            f.score::float8 as score, f.passed, f.abstained, f.capped, f.compliance_failed, f.duration_s,
            case when %s <> '' then (select (c ->> 'share')::float8 from scenario_attempts a,
                jsonb_array_elements(a.score_breakdown -> 'criteria') as c
                where a.id = f.attempt_id and c ->> 'id' = %s limit 1) end as share
        from fact_scenario_attempts f
        left join dim_users d on d.user_key = f.user_key
        left join dim_scenarios s on s.scenario_id = f.scenario_id
        where f.attempt_id = any (%s) order by f.started_at desc, f.attempt_id
        """,
        [criterion, criterion, ids],
    )


def _teams(team: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select teams_in_view(%s)", [team])
        row = cursor.fetchone()
    return list(row[0] or []) if row else []


@dataclass(frozen=True, slots=True)
class ScenarioName:
    """A scenario as filters and lists name it."""

    key: str
    title: str


def scenario_names() -> list[ScenarioName]:
    """What can be practised now, by title."""
    rows: Any = Scenario.objects.published().order_by("title").values_list("key", "title")
    return [ScenarioName(key, title) for key, title in rows]
