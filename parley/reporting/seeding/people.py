"""Organisations with regions, branches and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from parley.accounts.models import Org, Team, User
from parley.scenarios.actions import publish_file
from parley.scenarios.models import Scenario
from parley.scenarios.pack import ScenarioFile
from parley.training.models import Assignment, Track, TrackScenario

_FIRST = (
    "Ada Ben Cleo Dario Ella Femi Grace Hugo Iris Jonas Kaya Liam "
    "Mona Nils Olga Pablo Quinn Rosa Sam Tara Umar Vera Wei Yara Zoe"
)
_LAST = (
    "Adler Brooks Cruz Diaz Evans Fox Garcia Hall Ito Jensen Kim Lopez "
    "Moore Nair Okoro Park Quist Reyes Silva Tran Usman Vega West Young Zhou"
)
_CITIES = (
    "Denver Boulder Aspen Austin Dallas Houston Tampa Miami Orlando Reno "
    "Boise Provo Salem Eugene Fresno Omaha Tulsa Macon Mobile Akron"
)
_STATES = ("CO", "TX", "FL", "NV", "OR", "CA", "NE", "OK", "GA", "AL")


@dataclass(frozen=True, slots=True)
class Rep:
    """Somebody who practises: how good they began and where they are heading (0..1), and how often they call."""

    id: UUID
    org_id: UUID
    team_id: UUID | None
    joined_at: datetime
    start_skill: float
    end_skill: float
    weight: float


@dataclass(frozen=True, slots=True)
class Company:
    """One organisation with its reps and the scenarios that they practise, by key."""

    org_id: UUID
    reps: list[Rep]
    scenario_ids: dict[str, UUID]


def make_company(
    n: int, users: int, *, seed: int, files: list[ScenarioFile], since: datetime, until: datetime
) -> Company:
    """Write organisation number `n` with `users` people on a tree of teams; doing it twice is refused by its slug."""
    rng = Random(f"company:{seed}:{n}")  # noqa: S311 - reproducible, not secret
    org = Org.objects.create(id=_uuid(rng), name=f"{rng.choice(_LAST.split())} Lending {n}", slug=f"seed-{seed}-{n}")
    Org.objects.filter(pk=org.pk).update(created_at=since)
    teams, strengths = _make_teams(org, rng, branches=max(1, min(20, users // 8)))
    people, reps = _make_people(org, teams, strengths, users, rng, since, until)
    User.objects.bulk_create(people, batch_size=2000)
    for number, team in enumerate(teams):
        team.manager = people[1 + number % max(1, len(teams))] if len(people) > number + 1 else None
        team.save(update_fields=["manager", "updated_at"])
    scenarios = {file.key: publish_file(org, file)[0] for file in files}
    _make_training(org, list(scenarios.values()), teams, people[0], until)
    return Company(org.pk, reps, {key: row.pk for key, row in scenarios.items()})


def _make_teams(org: Org, rng: Random, *, branches: int) -> tuple[list[Team], dict[UUID, float]]:
    region = Team.objects.create(id=_uuid(rng), org=org, name="West region", kind="region")
    teams = [region]
    strengths = {region.pk: 0.0}
    for city in rng.sample(_CITIES.split(), branches):
        team = Team.objects.create(id=_uuid(rng), org=org, name=f"{city} branch", kind="branch", parent=region)
        teams.append(team)
        strengths[team.pk] = rng.gauss(0, 0.13)
    return teams, strengths


def _make_people(
    org: Org, teams: list[Team], strengths: dict[UUID, float], users: int, rng: Random, since: datetime, until: datetime
) -> tuple[list[User], list[Rep]]:
    people, reps = [], []
    for number in range(max(users, 2)):
        role = "admin" if number == 0 else "manager" if number <= len(teams) < users else "trainee"
        if number == len(teams) + 1 and users > 12:
            role = "hr"
        team = rng.choice(teams[1:]) if role == "trainee" else None
        joined = since + (until - since) * max(0.0, rng.uniform(-0.6, 0.7)) if role == "trainee" else since
        first, last = rng.choice(_FIRST.split()), rng.choice(_LAST.split())
        person = User(
            id=_uuid(rng),
            org=org,
            role=role,
            email=f"{first}.{last}.{number}@{org.slug}.example".lower(),
            first_name=first,
            last_name=last,
            title="Loan officer" if role == "trainee" else role.capitalize(),
            team=team,
            nmls_id=str(rng.randint(100_000, 2_999_999)) if role == "trainee" else "",
            licensed_states=sorted(rng.sample(_STATES, rng.randint(1, 3))) if role == "trainee" else [],
        )
        people.append(person)
        if role == "trainee" and team is not None:
            start = min(0.75, max(0.05, rng.gauss(0.38, 0.13) + strengths[team.pk]))
            reps.append(
                Rep(
                    person.pk,
                    org.pk,
                    team.pk,
                    joined,
                    start,
                    min(0.98, start + max(0.0, rng.gauss(0.27, 0.12))),
                    rng.lognormvariate(0, 0.6),
                )
            )
    return people, reps


def _make_training(org: Org, scenarios: list[Scenario], teams: list[Team], by: User, until: datetime) -> None:
    track = Track.objects.create(org=org, title="First ninety days", status="published")
    before = None
    for position, scenario in enumerate(scenarios, start=1):
        before = TrackScenario.objects.create(
            org=org, track=track, scenario=scenario, position=position, prerequisite=before, pass_mark=70
        )
    for team in teams[1:]:
        Assignment.objects.create(org=org, track=track, team=team, assigned_by=by, due_at=until + timedelta(days=30))


def _uuid(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
