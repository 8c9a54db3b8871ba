"""What an open page hears: its own news, once at least, in whatever order transactions commit."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from parley.core import events
from parley.core.live import listener
from parley.core.tenancy import Member, acting_as, acting_as_service
from parley.shell.live import Reader, _look, news
from parley.training import actions as training
from tests.support.cast import Cast
from tests.tenancy.attack.world import World, build_world, dsn

REASON = "The test records what a job would."


@pytest.fixture
def world(committed_cast: Cast) -> World:
    return build_world(committed_cast)


def record(event: str, kind: str, subject: Any, org: Any) -> None:
    with acting_as_service(REASON):
        events.record(event, org_id=org, subject=(kind, subject), actor_id=None)


def record_elsewhere(*what: Any) -> None:
    """In a thread, which gives its connection back."""
    with contextlib.closing(connection):
        record(*what)


SETTING_UP = {"scenario.published", "user.added"}
"""What the cast's arrival itself records."""


def heard_by(member: Member) -> list[tuple[str, str]]:
    rows = _look(member, None)
    return [(event, str(subject)) for _, _, _, event, _, subject in rows if event and event not in SETTING_UP]


ATTEMPT_HEARERS = {
    "ben": {"ben", "ana", "omar", "hana"},
    "dan": {"dan", "omar", "hana"},
    "ben_practice": {"ben"},
    "dan_practice": {"dan"},
    "rival": {"carla", "cleo"},
    "rival_practice": {"cleo"},
}


def test_news_of_a_call_reaches_those_who_may_read_it_and_nobody_else(world: World) -> None:
    people = world.cast.people() | {"cleo": world.cleo}
    wrong, told = [], 0
    for label, hearers in ATTEMPT_HEARERS.items():
        attempt = world.rows["scenario_attempts"][label]["id"]
        org = world.rows["orgs"]["rival" if label.startswith("rival") else "org"]["id"]
        record("attempt.scored", "attempt", attempt, org)
        for name, person in people.items():
            happened = ("attempt.scored", str(attempt)) in heard_by(person.member)
            told += happened
            if happened != (name in hearers):
                wrong.append(f"{name} {'hears' if happened else 'does not hear'} of {label}")
    assert not wrong, wrong
    assert told == sum(map(len, ATTEMPT_HEARERS.values()))


def test_an_event_that_names_another_organisations_row_is_heard_by_nobody(world: World) -> None:
    org = world.rows["orgs"]["org"]["id"]
    for kind, table in (("attempt", "scenario_attempts"), ("assignment", "assignments"), ("scenario", "scenarios")):
        record("attempt.scored", kind, world.rows[table]["rival"]["id"], org)
    record("leaderboard.moved", "org", world.rows["orgs"]["rival"]["id"], org)
    for person in world.cast.people().values():
        assert heard_by(person.member) == []


def test_an_assignment_is_heard_by_its_reader_and_those_above(committed_cast: Cast) -> None:
    cast = committed_cast
    with acting_as(cast.ana.member):
        row = training.assign(cast.scenario, to=cast.ben.user, by=cast.ana.member)
        assert training.assign(cast.scenario, to=cast.ben.user, by=cast.ana.member) == row
    hearers = {name for name, p in cast.people().items() if ("scenario.assigned", str(row.pk)) in heard_by(p.member)}
    assert hearers == {"ana", "ben", "omar", "hana"}
    assert len(heard_by(cast.ben.member)) == 1


def test_a_person_switched_off_or_of_another_role_hears_nothing(committed_cast: Cast) -> None:
    ben, omar = committed_cast.ben, committed_cast.omar
    record("leaderboard.moved", "org", ben.user.org_id, ben.user.org_id)
    assert len(heard_by(ben.member)) == 1
    assert heard_by(Member(ben.user.pk, ben.user.org_id, "admin")) == []
    assert heard_by(Member(ben.user.pk, committed_cast.carla.user.org_id, "trainee")) == []
    with acting_as(omar.member):
        ben.user.is_active = False
        ben.user.save(update_fields=["is_active"])
    assert heard_by(ben.member) == []


def test_a_transaction_that_commits_late_is_not_passed_over(committed_cast: Cast) -> None:
    """The later event is read first; the earlier one, which commits after it, still comes, and neither comes twice."""
    member, org = committed_cast.ben.member, committed_cast.ben.user.org_id
    reader = Reader(None)
    reader.take(_look(member, None), 0)
    early, late = threading.Event(), threading.Event()

    def slow() -> None:
        with contextlib.closing(connection), acting_as_service(REASON):
            events.record("leaderboard.moved", org_id=org, subject=("org", org), actor_id=None)
            early.set()
            late.wait(10)

    worker = threading.Thread(target=slow)
    worker.start()
    assert early.wait(10)
    record("leaderboard.moved", "org", org, org)
    assert len(reader.take(_look(member, reader.since), 0)) == 1
    assert reader.take(_look(member, reader.since), 0) == []
    late.set()
    worker.join()
    assert len(reader.take(_look(member, reader.since), 0)) == 1
    assert reader.take(_look(member, reader.since), 0) == []


def test_too_much_at_once_says_so_and_not_every_time(committed_cast: Cast) -> None:
    member, org = committed_cast.dan.member, committed_cast.dan.user.org_id
    reader = Reader(None)
    reader.take(_look(member, None), 0)
    stood = reader.since
    with psycopg.connect(**dsn("owner")) as owner:
        owner.execute(
            "insert into events (org_id, event, subject_type, subject_id, at, data) "
            "select %s, 'call.started', 'attempt', gen_random_uuid(), now(), '{}' from generate_series(1, 600)",
            [org],
        )
    assert [b"event: reset" in part for part in reader.take(_look(member, stood), 100.0)] == [True]
    reader.since = stood
    assert reader.take(_look(member, stood), 105.0) == []
    assert reader.since == stood, "It still owes the news."
    assert len(reader.take(_look(member, stood), 120.0)) == 1


def test_numbers_of_a_database_that_was_restored_are_not_news(committed_cast: Cast) -> None:
    org = committed_cast.ben.user.org_id
    with psycopg.connect(**dsn("owner")) as owner:
        owner.execute(
            "insert into events (org_id, event, subject_type, subject_id, at, data, tx) "
            "values (%s, 'leaderboard.moved', 'org', %s, now(), '{}', 4000000000000)",
            [org, org],
        )
    assert heard_by(committed_cast.ben.member) == []


async def _next(stream: AsyncIterator[bytes]) -> dict[str, Any]:
    async with asyncio.timeout(10):
        async for part in stream:
            lines = dict(line.split(": ", 1) for line in part.decode().splitlines() if ": " in line and line[0] != ":")
            if lines.get("event") == "news" and "leaderboard" in lines["data"]:
                return {**json.loads(lines["data"]), "at": int(lines["id"])}
    raise AssertionError("The stream ended.")


def test_a_page_hears_at_once_and_after_sleep_goes_on_where_it_stood(committed_cast: Cast) -> None:
    cast = committed_cast
    ben, org = cast.ben.member, cast.ben.user.org_id

    async def follow() -> None:
        async with contextlib.AsyncExitStack() as stack:
            task = asyncio.create_task(listener.run(make_conninfo(**dsn())))
            stack.callback(task.cancel)
            stream = news(ben, None)
            waiting = asyncio.create_task(_next(stream))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(
                record_elsewhere, "leaderboard.moved", "org", cast.carla.user.org_id, cast.carla.user.org_id
            )
            await asyncio.to_thread(record_elsewhere, "leaderboard.moved", "org", org, org)
            first = await waiting
            assert first["id"] == str(org)
            await stream.aclose()  # the lid is closed; meanwhile:
            await asyncio.to_thread(record_elsewhere, "leaderboard.moved", "org", org, org)
            again = news(ben, first["at"])
            assert (await _next(again))["id"] == str(org)
            await again.aclose()
            assert listener.waiting_count == 0

    asyncio.run(follow())
