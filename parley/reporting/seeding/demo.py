"""Half a year of the demo organisation: a region with two branches, reps who rise and fall, a track with a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.utils import timezone

from parley.accounts.actions import add_user
from parley.accounts.demo import DEMO_DOMAIN, DEMO_ORG_SLUG
from parley.accounts.models import Identity, Org, Team, User
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as_service
from parley.reporting import actions
from parley.reporting.seeding.history import write_attempts
from parley.reporting.seeding.people import Company, Rep
from parley.reporting.seeding.pool import make_pool
from parley.scenarios.actions import publish_file
from parley.scenarios.models import Scenario
from parley.scenarios.pack import load_packs
from parley.training.models import Assignment, Track, TrackScenario

ATTEMPTS, DAYS, SEED = 640, 182, 7
KEYS = ("s01-", "s02-", "s04-", "s07-", "s09-")
REASON = "The demo organisation has a history before anybody signs in."
# Name, branch, skill when they began and now (0..1), how often they call, for how many days they have been here.
REPS = (
    ("Carmen Diaz", "Denver branch", 0.55, 0.97, 1.3, 400),
    ("Mateo Silva", "Denver branch", 0.45, 0.82, 1.0, 300),
    ("Grace Kim", "Denver branch", 0.62, 0.80, 0.8, 500),
    ("Tyler Brooks", "Denver branch", 0.70, 0.36, 0.9, 600),
    ("Nora Evans", "Denver branch", 0.30, 0.55, 0.7, 90),
    ("Priya Nair", "Boulder branch", 0.50, 0.92, 1.2, 350),
    ("Hugo Jensen", "Boulder branch", 0.40, 0.66, 0.9, 260),
    ("Lena Park", "Boulder branch", 0.58, 0.74, 1.1, 420),
    ("Omar West", "Boulder branch", 0.25, 0.40, 0.4, 150),
    ("Ada Cruz", "Boulder branch", 0.20, 0.25, 0.0, 6),
    ("Felix Young", "Grand Junction branch", 0.48, 0.70, 1.0, 365),
    ("Iris Tran", "Grand Junction branch", 0.35, 0.78, 1.0, 240),
    ("Sam Reyes", "Grand Junction branch", 0.52, 0.50, 0.6, 320),
)
BEN = ("ben@demo.parley", 0.35, 0.75, 1.4, 170)


def load_history() -> bool:
    """Write it, its facts and rollups; False when the organisation has calls already."""
    with acting_as_service(REASON):
        org = Org.objects.get(slug=DEMO_ORG_SLUG)
        _let_colleagues_in(org)
        if Attempt.objects.filter(org=org).exists():
            return False
        # Calls are made in the working hours of the organisation.
        now = timezone.now().astimezone(ZoneInfo(org.timezone))
        until = now.replace(hour=0, minute=0, second=0, microsecond=0)
        company = _make_company(org, until)
        _let_colleagues_in(org)
        files = [file for file in load_packs() if file.key.startswith(KEYS)]
        pool = make_pool(files, seed=SEED, variants=1)
        write_attempts([company], pool, ATTEMPTS, SEED, until - timedelta(days=DAYS), until, lambda _: None)
    with acting_as_service(REASON):
        actions.write_facts()
        actions.write_kpi_events(ATTEMPTS)
        actions.refresh_reporting()
    return True


def _let_colleagues_in(org: Org) -> None:
    """Whoever practised has joined: each gets an identity, without a password, so that nobody signs in as them."""
    for user in User.objects.filter(org=org, identity=None, last_login_at__isnull=False, email__endswith=DEMO_DOMAIN):
        identity, made = Identity.objects.get_or_create(email=user.email)
        if made:
            identity.set_unusable_password()
            identity.save(update_fields=["password"])
        User.objects.filter(pk=user.pk).update(identity=identity, invited_at=None)


def _make_company(org: Org, until: datetime) -> Company:
    teams = _make_teams(org)
    reps = [_make_rep(org, teams, *row, until=until) for row in REPS]
    email, start, end, weight, days = BEN
    ben = User.objects.get(org=org, email=email)
    joined = until - timedelta(days=days)
    User.objects.filter(pk=ben.pk).update(created_at=joined)
    reps.append(Rep(ben.pk, org.pk, ben.team_id, joined, start, end, weight))
    rows = {file.key: publish_file(org, file)[0] for file in load_packs() if file.key.startswith(KEYS)}
    _assign(org, list(rows.values()), teams, ben, until)
    return Company(org.pk, [rep for rep in reps if rep.weight], {key: row.pk for key, row in rows.items()})


def _make_teams(org: Org) -> dict[str, Team]:
    """Ana manages the Front Range with its two branches; the Western Slope is somebody else's."""
    denver = Team.objects.get(org=org, name="Denver branch")
    other = add_user(
        org, email="luis@demo.parley", role="manager", first_name="Luis", last_name="Ortega", title="Sales manager"
    )
    User.objects.filter(pk=other.pk, last_login_at=None).update(last_login_at=timezone.now() - timedelta(hours=20))
    front, _ = Team.objects.get_or_create(
        org=org, name="Front Range", defaults={"kind": "region", "manager": denver.manager}
    )
    west, _ = Team.objects.get_or_create(org=org, name="Western Slope", defaults={"kind": "region", "manager": other})
    Team.objects.filter(pk=denver.pk).update(parent=front, kind="branch")
    made = {"Denver branch": denver}
    for name, parent in (("Boulder branch", front), ("Grand Junction branch", west)):
        made[name], _ = Team.objects.get_or_create(org=org, name=name, defaults={"kind": "branch", "parent": parent})
    return made


def _make_rep(
    org: Org,
    teams: dict[str, Team],
    name: str,
    team: str,
    start: float,
    end: float,
    weight: float,
    days: int,
    *,
    until: datetime,
) -> Rep:
    first, last = name.split(" ", 1)
    email = f"{first}.{last}@demo.parley".lower()
    user = add_user(
        org, email=email, role="trainee", first_name=first, last_name=last, title="Loan officer", team=teams[team]
    )
    joined = until - timedelta(days=days)
    seen = until - timedelta(hours=Random(name).randrange(1, 60)) if weight else None  # noqa: S311 - reproducible, not secret
    User.objects.filter(pk=user.pk).update(created_at=joined, last_login_at=seen, invited_at=None if seen else joined)
    return Rep(user.pk, org.pk, teams[team].pk, max(joined, until - timedelta(days=DAYS)), start, end, weight)


def _assign(org: Org, scenarios: list[Scenario], teams: dict[str, Team], ben: User, until: datetime) -> None:
    manager = teams["Denver branch"].manager
    track, _ = Track.objects.get_or_create(org=org, title="First ninety days", defaults={"status": "published"})
    for position, scenario in enumerate(scenarios[:3], start=1):
        TrackScenario.objects.get_or_create(
            org=org, track=track, scenario=scenario, defaults={"position": position, "pass_mark": 60}
        )
    given: list[tuple[Track | None, Scenario | None, Team | None, User | None, int, int]]
    given = [(track, None, team, None, 120, -3) for team in teams.values()]
    given += [(None, scenarios[3], team, None, 20, 4) for team in teams.values()]
    given.append((None, scenarios[1], None, ben, 6, 2))
    for of_track, of_scenario, team, user, given_days_ago, due_in_days in given:
        row = Assignment.objects.create(
            org=org,
            track=of_track,
            scenario=of_scenario,
            team=team,
            user=user,
            assigned_by=manager,
            due_at=until + timedelta(days=due_in_days, hours=23),
        )
        Assignment.objects.filter(pk=row.pk).update(created_at=until - timedelta(days=given_days_ago))
