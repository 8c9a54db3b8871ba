"""One listener hears what commits, survives a killed connection, and takes no more people than it should."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from parley.core.live import CHANNEL, Full, Listener, Notice
from tests.tenancy.attack.world import dsn

ORG, OTHER = UUID(int=1), UUID(int=2)


@asynccontextmanager
async def listening(listener: Listener) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """The listener runs; gives a connection to say things with."""
    url = make_conninfo(**dsn())
    task = asyncio.create_task(listener.run(url))
    try:
        await until(lambda: listener.is_listening)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as speaker:
            yield speaker
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(is_so: Any) -> None:
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.01)


async def say(speaker: psycopg.AsyncConnection[Any], org: UUID, what: str = "attempt.scored", **more: str) -> None:
    await speaker.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps({"org": str(org), "what": what, **more})])


async def test_only_the_organisation_that_is_meant_wakes(django_db_setup: None) -> None:
    listener = Listener()
    heard: list[Notice | None] = []
    listener.watchers.append(heard.append)
    async with listening(listener) as speaker:
        with listener.waiting(ORG) as mine, listener.waiting(OTHER) as other:
            await say(speaker, ORG)
            assert await mine.wait(5)
            assert not await other.wait(0.1)
    assert heard == [None, Notice(ORG, "attempt.scored")]


async def test_who_follows_one_row_sleeps_through_the_others(django_db_setup: None) -> None:
    listener = Listener()
    async with listening(listener) as speaker:
        with listener.waiting(ORG, about="7") as follower, listener.waiting(ORG) as everything:
            await say(speaker, ORG, "feedback", id="8")
            assert await everything.wait(5)
            assert not await follower.wait(0.05)
            await say(speaker, ORG, "feedback", id="7")
            assert await follower.wait(5)


async def test_what_is_rolled_back_wakes_nobody(django_db_setup: None) -> None:
    listener = Listener()
    async with listening(listener) as speaker:
        with listener.waiting(ORG) as mine:
            async with speaker.transaction(force_rollback=True):
                await say(speaker, ORG)
            assert not await mine.wait(0.2)


async def test_a_killed_connection_comes_back_and_everybody_looks_again(django_db_setup: None) -> None:
    listener = Listener()
    heard: list[Notice | None] = []
    listener.watchers.append(heard.append)
    async with listening(listener) as speaker:
        with listener.waiting(ORG) as mine, listener.waiting(OTHER) as other:
            killed = await speaker.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                "where application_name = 'parley live' and datname = current_database()"
            )
            assert (await killed.fetchone()) == (1,)
            assert await mine.wait(10)
            assert await other.wait(10)
            assert listener.is_listening
            assert heard == [None, None]
            await say(speaker, ORG)
            assert await mine.wait(5)


async def test_a_notice_that_nobody_can_read_is_passed_over(django_db_setup: None) -> None:
    listener = Listener()
    async with listening(listener) as speaker:
        with listener.waiting(ORG) as mine:
            for nonsense in ("", "nonsense", "[]", '{"org": 7, "what": "x"}', '{"what": "x"}'):
                await speaker.execute("select pg_notify(%s, %s)", [CHANNEL, nonsense])
            await say(speaker, ORG)
            assert await mine.wait(5)


async def test_a_database_that_is_away_is_waited_for() -> None:
    listener = Listener()
    task = asyncio.create_task(listener.run("host=/nowhere dbname=none"))
    await asyncio.sleep(0.5)
    assert not task.done()
    assert not listener.is_listening
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_persons_oldest_place_goes_to_their_newest_and_the_house_has_a_limit() -> None:
    listener, me = Listener(most=3, most_each=2), uuid4()
    with listener.waiting(ORG, me) as first, listener.waiting(ORG, me) as second, listener.waiting(ORG, me) as third:
        assert (first.is_over, second.is_over, third.is_over) == (True, False, False)
        with pytest.raises(Full), listener.waiting(ORG, uuid4()):
            pass
    assert listener.waiting_count == 0


async def test_at_the_end_all_go_and_nobody_comes() -> None:
    listener = Listener()
    with listener.waiting(ORG) as mine:
        listener.end()
        assert await mine.wait(1)
        assert mine.is_over
    with pytest.raises(Full), listener.waiting(ORG):
        pass
