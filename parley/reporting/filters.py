"""What the address narrows a dashboard or a list to: period, team, scenario, track."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from parley.accounts.clock import Clock
from parley.accounts.models import Team
from parley.reporting.queries.calls import ScenarioName, scenario_names
from parley.reporting.queries.teams import teams_in_view
from parley.training.models import Track, TrackScenario

PERIODS = {1: "This week", 4: "4 weeks", 13: "13 weeks", 52: "52 weeks"}
USUAL = 4


@dataclass(frozen=True, slots=True)
class Filters:
    """Whole weeks of the organisation's calendar, the running one included; empty fields narrow nothing."""

    clock: Clock
    weeks: int
    team: UUID | None
    scenario: str
    track: UUID | None
    teams: list[Team]
    scenarios: list[ScenarioName]
    tracks: list[Track]
    keys: list[str] | None
    """Scenario keys of scenario and track; None for all."""
    problems: list[str] = field(default_factory=list)

    @property
    def since(self) -> date:
        return self.clock.weeks_back(self.weeks)

    @property
    def until(self) -> date:
        return self.clock.week_of(self.clock.today) + timedelta(weeks=1)

    @property
    def before(self) -> date:
        """When the period before began, which is as long."""
        return self.since - timedelta(weeks=self.weeks)

    @property
    def begins_at(self) -> datetime:
        return self.clock.midnight(self.since)

    @property
    def ends_at(self) -> datetime:
        return self.clock.midnight(self.until)

    @property
    def periods(self) -> dict[int, str]:
        return PERIODS

    @property
    def period_name(self) -> str:
        return "this week" if self.weeks == 1 else f"the last {self.weeks} weeks"

    @property
    def before_name(self) -> str:
        return "the week before" if self.weeks == 1 else f"the {self.weeks} weeks before"

    @property
    def team_name(self) -> str:
        return next((team.name for team in self.teams if team.pk == self.team), "")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.team or self.scenario or self.track)

    def query(self, **changes: object) -> str:
        """The query string of these filters with changes; None takes a value away."""
        values: dict[str, object] = {
            "weeks": self.weeks if self.weeks != USUAL else None,
            "team": self.team,
            "scenario": self.scenario,
            "track": self.track,
            **changes,
        }
        kept = {name: value for name, value in values.items() if value not in (None, "")}
        return f"?{urlencode(kept)}" if kept else "?"


def read_filters(asked: QueryDict, clock: Clock, *, usual: int = USUAL) -> Filters:
    """What the address asks for; what it asks for in vain is named in `problems` and left out."""
    teams = teams_in_view()
    scenarios = scenario_names()
    tracks = list(Track.objects.filter(status="published").order_by("title"))
    problems: list[str] = []

    def chosen(name: str, known: dict[str, object]) -> object:
        value = asked.get(name, "").strip()
        if value and value not in known:
            problems.append(f"{name}={value[:60]!r} names nothing that you can see here; it is left out.")
            return None
        return known.get(value)

    weeks = chosen("weeks", {str(weeks): weeks for weeks in PERIODS}) or usual
    team = chosen("team", {str(team.pk): team.pk for team in teams})
    scenario = chosen("scenario", {row.key: row.key for row in scenarios}) or ""
    track = chosen("track", {str(track.pk): track.pk for track in tracks})
    assert isinstance(weeks, int)
    assert isinstance(scenario, str)
    assert team is None or isinstance(team, UUID)
    assert track is None or isinstance(track, UUID)
    keys = _keys(scenario, track)
    return Filters(clock, weeks, team, scenario, track, teams, scenarios, tracks, keys, problems)


def _keys(scenario: str, track: UUID | None) -> list[str] | None:
    if track is None:
        return [scenario] if scenario else None
    steps = list(TrackScenario.objects.filter(track_id=track).values_list("scenario__key", flat=True))
    return [key for key in steps if not scenario or key == scenario]


def page_number(asked: QueryDict) -> int:
    """Which page the address asks for; the first one when it is no number from 1 on."""
    value = asked.get("page", "1")
    return min(int(value), 100_000) if value.isdecimal() and len(value) < 7 and int(value) > 0 else 1
