"""Each role's dashboard answers its question from the data, with few queries, also where there is little or nothing."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parley.accounts.clock import Clock, clock_of
from parley.accounts.models import Org, Team, User
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as, acting_as_service
from parley.reporting import actions
from parley.reporting.queries import people
from parley.reporting.queries.calls import Fact
from parley.shell.dashboards import trainee, words
from parley.training.models import Assignment, Track, TrackScenario
from tests.support.cast import Cast, Person, make_cast

QUERIES = 30
"""No dashboard asks more, sign-in, claims and sidebar included."""
CRITERIA = [
    {"id": "discovery", "label": "Discovery breadth", "share": 0.8},
    {"id": "depth", "label": "Depth", "share": 0.3},
]


def held(cast: Cast, who: Person, score: float | None, *, days: float, mode: str = "official", **more: Any) -> Attempt:
    """A scored attempt so many days ago."""
    at = timezone.now() - timedelta(days=days)
    breakdown = {
        "total": score,
        "passed": score is not None and score >= 75,
        "abstained": score is None,
        "criteria": CRITERIA,
    }
    values: dict[str, Any] = {
        "org_id": who.user.org_id,
        "user_id": who.user.pk,
        "scenario": cast.scenario,
        "mode": mode,
        "status": "scored",
        "seed": 1,
        "brief": {"persona": {"name": "Marcus"}},
        "rubric": {"pass_mark": 75},
        "versions": {},
        "time_limit_s": 900,
        "consent_text": "x",
        "consented_at": at,
        "started_at": at,
        "ended_at": at,
        "scored_at": at,
        "duration_s": 300.0,
        "kpis": {},
        "score": score,
        "score_breakdown": breakdown,
        **more,
    }
    row = Attempt.objects.create(**values)
    Attempt.objects.filter(pk=row.pk).update(created_at=at)
    return row


def count() -> None:
    """Facts and rollups, as the jobs write them."""
    with acting_as_service("A test counts."):
        actions.write_facts()
    with connections["owner"].cursor() as cursor:
        for view in (
            "mv_team_weeks",
            "mv_rep_standing",
            "mv_usage_days",
            "mv_assignment_progress",
            "mv_leaderboard_month",
        ):
            cursor.execute(f"refresh materialized view {view}")


def page(person: Person, path: str = "/dashboard/") -> str:
    client = Client()
    client.force_login(person.identity)
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def history(committed_db: None) -> Cast:
    """Ben falls and is overdue; Dan, on another team, does well; Ana does nothing herself."""
    cast = make_cast()
    with acting_as_service("A test needs a history."):
        for days, score in ((9, 81), (6, 74), (3, 62), (0.01, None)):
            held(cast, cast.ben, score, days=days)
        held(cast, cast.ben, 99, days=1, mode="practice")
        other = Team.objects.create(org_id=cast.ben.user.org_id, name="Boulder")
        User.objects.filter(pk=cast.dan.user.pk).update(team=other)
        cast.dan.user.refresh_from_db()
        held(cast, cast.dan, 90, days=2)
        track = Track.objects.create(org_id=cast.ben.user.org_id, title="First month", status="published")
        TrackScenario.objects.create(org_id=track.org_id, track=track, scenario=cast.scenario, position=1, pass_mark=80)
        for team in (cast.ben.user.team_id, other.pk):
            given = Assignment.objects.create(
                org_id=track.org_id, track=track, team_id=team, due_at=timezone.now() - timedelta(days=1)
            )
            Assignment.objects.filter(pk=given.pk).update(created_at=timezone.now() - timedelta(days=5))
    count()
    return cast


def test_a_manager_reads_who_needs_them_and_why(history: Cast) -> None:
    html = page(history.ana)
    assert "One of your one rep needs you this week: Ben (overdue and three falling scores)." in html
    assert "Dan" not in html
    assert f"/team/people/{history.ben.user.pk}/" in html
    assert "/team/calls/?result=failed" in html


def test_a_rep_reads_where_they_stand_and_what_is_due(history: Cast) -> None:
    html = page(history.ben)
    assert "One assignment is overdue: First month." in html
    assert "Next in “First month”, overdue" in html
    assert "99" in html  # their own practice counts for themselves


def test_practice_is_shown_to_nobody_else(history: Cast) -> None:
    for person in (history.ana, history.omar, history.hana):
        for path in (f"/team/people/{history.ben.user.pk}/", "/team/calls/?weeks=52", "/team/", "/leaderboard/"):
            assert not re.search(r">\s*99\s*<", page(person, path)), (person.user.first_name, path)


def test_an_admin_reads_whether_it_is_used(history: Cast) -> None:
    html = page(history.omar)
    assert re.search(r"Two people of \d+ practised in the last 4 weeks, in six calls\.", html)
    assert "Everything arrived" in html
    assert "/dashboard/health/" in html


def test_hr_reads_completion_and_no_words(history: Cast) -> None:
    html = page(history.hana)
    assert "50 % of what was assigned is done, one is overdue." in html
    assert "format=csv" in html
    assert "Marcus" not in html


def test_a_grave_rule_broken_asks_for_help(history: Cast) -> None:
    with acting_as_service("A test needs a broken rule."):
        attempt = Attempt.objects.filter(user_id=history.dan.user.pk).get()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "insert into fact_kpi_events (attempt_id, org_id, user_id, scenario_id, mode, started_at, kind, name, n, "
            "outcome) "
            "values (%s, %s, %s, %s, 'official', now() - interval '2 days', 'compliance', 'C09', 1, 'fail')",
            [attempt.pk, attempt.org_id, attempt.user_id, attempt.scenario_id],
        )
    count()
    assert "One person broke a grave rule in the last 4 weeks, in one official call; most often C09" in page(
        history.hana
    )
    assert "broke rule C09" in page(history.omar, f"/team/people/{history.dan.user.pk}/")
    assert "1 call that broke rule C09" in page(history.omar, "/team/calls/?rule=C09")


@pytest.mark.parametrize("name", ["ben", "ana", "omar", "hana"])
def test_a_dashboard_asks_a_bounded_number_of_queries(history: Cast, name: str) -> None:
    client = Client()
    client.force_login(history.people()[name].identity)
    client.get("/dashboard/")
    with CaptureQueriesContext(connection) as few:
        client.get("/dashboard/")
    with acting_as_service("A test needs more of everything."):
        for n in range(12):
            added = User.objects.create(
                org_id=history.ben.user.org_id,
                email=f"r{n}@x.test",
                first_name=f"R{n}",
                team_id=history.ben.user.team_id,
            )
            held(history, Person(history.ben.identity, added), 50 + n, days=n)
    count()
    with CaptureQueriesContext(connection) as more:
        client.get("/dashboard/")
    assert len(more) <= len(few) + 1
    assert len(more) <= QUERIES, "\n".join(query["sql"][:200] for query in more)


@pytest.mark.parametrize("name", ["ben", "ana", "omar", "hana", "dan"])
def test_an_empty_organisation_is_told_what_to_do(committed_cast: Cast, name: str) -> None:
    count()
    html = page(committed_cast.people()[name])
    told = {
        "ben": "Make your first practice call",
        "dan": "Make your first practice call",
        "ana": "no official call was made in this period: assign a scenario".capitalize(),
        "omar": "No people of",
        "hana": "Nothing is assigned yet",
    }
    assert told[name] in html


def test_a_manager_without_a_team_is_told_whom_to_ask(committed_cast: Cast) -> None:
    with acting_as_service("A test takes a team away."):
        Team.objects.update(manager=None)
    count()
    assert "You manage no team yet. Ask your admin" in page(committed_cast.ana)


def test_filters_are_read_from_the_address_and_faults_are_named(history: Cast) -> None:
    html = page(history.omar, f"/dashboard/?weeks=13&scenario={history.scenario.key}&team={uuid.uuid4()}")
    assert '<option value="13" selected>' in html
    assert f'<option value="{history.scenario.key}" selected>' in html
    assert "names nothing that you can see here; it is left out." in html
    for odd in (
        "weeks=x",
        "weeks=1%00",
        "track=1",
        "since=2026-99-99",
        "person=x",
        "page=-1",
        "page=99999",
        "format=pdf",
    ):
        for path in ("/dashboard/", "/team/", "/team/calls/", "/assignments/", "/leaderboard/"):
            page(history.ana, f"{path}?{odd}")
    assert "month=&#x27;x&#x27; is no month" in page(history.ana, "/leaderboard/?month=x")


def test_every_figure_leads_to_what_it_counts(history: Cast) -> None:
    assert "1 call." in page(history.ana, "/team/calls/?result=unjudged")
    assert "2 calls." in page(history.ana, "/team/calls/?result=failed")
    assert "1 assignment," in page(history.ana, "/assignments/?state=overdue")
    assert "30 %" in page(history.ana, "/team/calls/?criterion=depth")
    client = Client()
    client.force_login(history.hana.identity)
    lines = client.get("/team/calls/?format=csv").content.decode().splitlines()
    assert lines[0].startswith("time,rep,team,scenario,score")
    assert len(lines) == 6


def test_a_managers_lists_end_at_their_teams(history: Cast) -> None:
    client = Client()
    client.force_login(history.ana.identity)
    assert client.get(f"/team/people/{history.dan.user.pk}/").status_code == 404
    assert "Dan" not in page(history.ana, "/team/") + page(history.ana, "/team/calls/") + page(
        history.ana, "/assignments/"
    )
    client.force_login(history.ben.identity)
    for path in ("/team/", "/team/calls/", f"/team/people/{history.ben.user.pk}/", "/dashboard/health/"):
        assert client.get(path).status_code == 403, path


def test_the_admin_sees_how_the_installation_is(history: Cast) -> None:
    assert "Database" in page(history.omar, "/dashboard/health/")


def _clock(zone: str, now: datetime, week_start: int = 1) -> Clock:
    return Clock(ZoneInfo(zone), ZoneInfo(zone), week_start, now)


def test_days_and_weeks_are_the_organisations(db: None) -> None:
    late = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)  # Monday in UTC, Sunday evening in Denver
    assert _clock("America/Denver", late).today.isoformat() == "2026-03-01"
    assert _clock("America/Denver", late).weeks_back(1).isoformat() == "2026-02-23"
    assert _clock("America/Denver", late, week_start=0).weeks_back(1).isoformat() == "2026-03-01"
    assert _clock("UTC", late).weeks_back(4).isoformat() == "2026-02-09"


def test_times_are_the_readers(history: Cast) -> None:
    with acting_as_service("A test moves people."):
        Org.objects.filter(pk=history.ben.user.org_id).update(timezone="Asia/Tokyo")
        User.objects.filter(pk=history.ana.user.pk).update(timezone="Europe/Paris")
    with acting_as(history.ana.member):
        clock = clock_of(history.ana.member)
    assert (clock.zone.key, clock.own_zone.key) == ("Asia/Tokyo", "Europe/Paris")
    html = page(history.ana, "/team/calls/")
    with acting_as_service("A test reads."):
        at = Attempt.objects.filter(user_id=history.ben.user.pk, score=62).get().started_at
    assert at is not None
    assert f"{at.astimezone(ZoneInfo('Europe/Paris')):%H:%M}" in html


def test_a_streak_counts_working_days_and_waits_for_today() -> None:
    clock = _clock("UTC", datetime(2026, 3, 3, 12, tzinfo=UTC))  # a Tuesday

    def on(*days: int) -> list[Fact]:
        return [
            Fact(uuid.uuid4(), clock.now, clock.today - timedelta(days=n), "practice", "k", 50.0, False, 1.0)
            for n in days
        ]

    assert trainee.streak(on(1, 4, 5), clock) == 3
    assert trainee.streak(on(0, 1, 4), clock) == 3
    assert trainee.streak(on(2, 5), clock) == 0
    assert trainee.streak([], clock) == 0


def test_sentences_count_as_people_do() -> None:
    assert words.counted(1, "call") == "one call"
    assert words.counted(0, "call") == "no calls"
    assert words.counted(1204, "person", "people") == "1,204 people"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.sentence("three are late") == "Three are late."


@pytest.mark.slow
def test_ten_thousand_reps_are_listed_page_by_page(committed_cast: Cast) -> None:
    cast = committed_cast
    with acting_as_service("A test needs many reps."):
        User.objects.bulk_create(
            [
                User(
                    org_id=cast.ben.user.org_id,
                    email=f"u{n}@x.test",
                    first_name=f"Rep {n:05}",
                    team_id=cast.ben.user.team_id,
                )
                for n in range(10_000)
            ],
            batch_size=2000,
        )
    count()
    assert "None of your 10,001 reps needs you this week" in page(cast.ana)
    with acting_as(cast.ana.member):
        found = people.roster(timezone.now(), order="name", from_row=9_975)
    assert (found.people, len(found.rows)) == (10_001, 25)
    assert "9,976 to 10,000 of 10,001" in page(cast.ana, "/team/?order=name&page=400")
