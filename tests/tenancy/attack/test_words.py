"""HR reads numbers, never words: a quote planted wherever words stand is looked for in all that HR can reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.support.cast import Person
from tests.tenancy.attack.attacks import Actor, acting
from tests.tenancy.attack.test_addresses import METHODS, _client, _routes
from tests.tenancy.attack.world import QUOTING, SAID, World, dsn

_RELATIONS = """
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'v', 'm') order by 1
"""
_FUNCTIONS = """
    select p.proname, p.proargtypes::regtype[]::text[] from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
      and p.proname not like 'procrastinate%' and has_function_privilege('parley_authenticated', p.oid, 'execute')
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by 1
"""
WORDS = {"attempt_transcripts", "attempt_words"}


@contextmanager
def _as(person: Person) -> Iterator[psycopg.Connection[Any]]:
    user = person.user
    actor = Actor(user.role, org_id=str(user.org_id), user_id=str(user.pk), role=user.role)
    with psycopg.connect(**dsn()) as connection, acting(connection, actor):
        yield connection


def _text(connection: psycopg.Connection[Any], sql: str, values: Any = ()) -> str | None:
    """Everything that the statement returns, as one text; None when it is refused."""
    try:
        with connection.transaction(force_rollback=True):
            cursor = connection.execute(sql, values)
            return "\n".join(map(str, cursor.fetchall())) if cursor.description else ""
    except psycopg.Error as error:
        return None if SAID not in str(error) else str(error)


def _relations_with_words(person: Person) -> tuple[set[str], int]:
    with psycopg.connect(**dsn("owner"), autocommit=True) as owner:
        owner.execute("analyze")
        names = [row[0] for row in owner.execute(_RELATIONS)] + ["pg_stats", "pg_stat_activity"]
    with _as(person) as connection:
        texts = {name: _text(connection, f"select t::text from {name} t") for name in names}
    return {name for name, text in texts.items() if text and SAID in text}, len(names)


def test_who_may_hear_a_call_finds_the_planted_quote_in_the_tables_of_words_alone(world: World) -> None:
    for person in (world.cast.ben, world.cast.ana, world.cast.omar):
        assert _relations_with_words(person)[0] == WORDS


def test_no_table_and_no_view_gives_hr_a_word(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    found, tried = _relations_with_words(world.cast.hana)
    assert not found
    with _as(world.cast.hana) as hana:
        row = hana.execute(
            "select count(*), min(kpis ->> 'talk_ratio'), min(score_breakdown ->> 'total') from scenario_attempts"
        ).fetchone()
    assert row == (2, "0.5", "80"), "HR still reads the numbers"
    with capsys.disabled():
        print(f"\n{tried} tables and views read as HR, 0 words")  # noqa: T201


def test_no_function_gives_hr_a_word(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    attempt = world.rows["scenario_attempts"]["ben"]["id"]
    document = Jsonb({"attempt": {"id": str(attempt)}})
    given: dict[str, Any] = {
        "uuid": attempt, "uuid[]": [attempt], "boolean": True, "integer": 5, "bigint": 5, "jsonb": document,
        "text": f"transcripts/{world.cast.ben.user.org_id}/{attempt}.json", "bytea": b"x", "numeric": 1,
        "date": "2026-01-01",
    }  # fmt: skip
    with psycopg.connect(**dsn("owner")) as owner:
        functions = owner.execute(_FUNCTIONS).fetchall()
    tried = 0
    with _as(world.cast.hana) as hana:
        for name, types in functions:
            values = [given.get(kind) for kind in types]
            places = ", ".join(f"%s::{kind}" for kind in types)
            tried += 1
            assert SAID not in (_text(hana, f"select f::text from {name}({places}) f", values) or ""), name
    with capsys.disabled():
        print(f"\n{tried} functions called as HR, 0 words")  # noqa: T201
    assert tried > 30


def test_no_page_gives_hr_a_word(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A call held and scored as in life; its rep reads the quote on the review, HR reads the score there."""
    attempt = _a_scored_call(world)
    mine = f"/attempts/{attempt}/"
    assert SAID in _client(world, "ben").get(mine).content.decode()
    hana, tried = _client(world, "hana"), 0
    for route in _routes():
        if "<uuid:" not in route or "(" in route:
            continue
        path = route.split("<")[0] + str(attempt) + route.split(">", 1)[1]
        for method in METHODS:
            answer = getattr(hana, method)(path)
            tried += 1
            assert SAID.encode() not in (b"" if answer.streaming else answer.content), f"{method} {path}"
    page = hana.get(mine)
    assert page.status_code == 200
    assert "HR sees the numbers" in page.content.decode()
    with capsys.disabled():
        print(f"\n{tried} requests for one call as HR, 0 words")  # noqa: T201


def test_a_document_written_back_as_it_was_read_keeps_its_words(world: World) -> None:
    key = [world.rows["scenario_attempts"]["ben"]["id"]]
    read = "select kpis, score_breakdown, feedback from attempt_words where attempt_id = %s"
    with psycopg.connect(**dsn("owner")) as owner:
        whole = tuple(QUOTING.values())
        assert owner.execute(read, key).fetchone() == whole
        owner.execute("update scenario_attempts set kpis = kpis, feedback = feedback where id = %s", key)
        assert owner.execute(read, key).fetchone() == whole
        owner.execute("update scenario_attempts set feedback = %s where id = %s", [Jsonb({"summary": "New"}), *key])
        assert owner.execute(read, key).fetchone() == (*whole[:2], {"summary": "New"})
        owner.execute("update scenario_attempts set kpis = '{\"talk_ratio\": 0.1}' where id = %s", key)
        assert owner.execute(read, key).fetchone() == (None, whole[1], {"summary": "New"})
        owner.rollback()


def _a_scored_call(world: World) -> Any:
    from parley.calls.actions import finish_attempt, start_attempt
    from parley.core.tenancy import acting_as, acting_as_service
    from parley.scoring.actions import score_attempt
    from parley.voice.contracts import CallRecord, Utterance

    ben = world.cast.ben.member
    with acting_as(ben):
        attempt, _ = start_attempt(world.cast.scenario, by=ben, consent_text="yes", mode="official")
    said = [
        Utterance(
            i=n,
            speaker="buyer" if n % 2 else "rep",
            start=6.0 * n,
            end=6.0 * n + 5,
            text=f"What matters most to you about {SAID}, um, and why do you ask, I guarantee approval?",
        )
        for n in range(20)
    ]
    record = CallRecord(
        attempt_id=attempt.pk,
        started_at=attempt.created_at,
        ended_at=attempt.created_at,
        duration_s=120.0,
        end_reason="rep_ended",
        utterances=said,
    )
    with acting_as_service("A test scores a call."):
        assert finish_attempt(attempt, record=record)
        score_attempt(attempt.pk)
    return attempt.pk
