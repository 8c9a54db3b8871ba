"""Facts say what attempts say, once; views follow them; two refreshers at a time do not hurt each other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections

from parley.accounts.models import User
from parley.calls.models import Attempt, Transcript
from parley.calls.queries import with_words
from parley.core.tenancy import acting_as_service
from parley.reporting import actions
from parley.reporting.models import DimUser, FactAttempt, FactKpiEvent
from parley.reporting.seeding import pool, seed_history
from parley.scenarios.pack import load_packs
from parley.scoring.functions import compute_kpis

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def _rows(sql: str, alias: str = "owner") -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.fixture
def history(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.reporting.seeding.history.load_packs", lambda: load_packs()[:1])
    seed_history(orgs=2, users=20, attempts=60, seed=7, until=UNTIL, variants=1)


def test_facts_are_written_once_and_views_follow(history: None) -> None:
    with acting_as_service("a test writes facts"):
        assert actions.write_facts() == 60
        assert actions.write_facts() == 0
        assert (actions.write_kpi_events(50), actions.write_kpi_events(50), actions.write_kpi_events(50)) == (50, 10, 0)
        assert actions.refresh_reporting()
        official = Attempt.objects.filter(mode="official").count()
        first = list(FactAttempt.objects.order_by("attempt_id").values())
        events = FactKpiEvent.objects.count()
        FactAttempt.objects.update(events_written=False)
        actions.write_facts()
        actions.write_kpi_events()
        assert list(FactAttempt.objects.order_by("attempt_id").values()) == first
        assert FactKpiEvent.objects.count() == events
    assert _rows("select sum(attempts) from mv_org_overview") == [(official,)]
    assert _rows("select sum(attempts) from mv_scenario_insights") == [(official,)]


def test_each_counted_thing_has_a_row_with_its_time(history: None) -> None:
    with acting_as_service("a test writes facts"):
        actions.write_facts()
        actions.write_kpi_events()
        attempts = list(Attempt.objects.all()[:20])
        assert sum(attempt.kpis["filler_count"] for attempt in attempts if attempt.kpis) > 0
        for attempt in attempts:
            kpis = attempt.kpis or {}
            rows = FactKpiEvent.objects.filter(attempt_id=attempt.pk)
            assert rows.filter(kind="filler").count() == kpis["filler_count"]
            assert rows.filter(kind="interruption").count() == kpis["interruptions_by_rep"]
            assert rows.filter(kind="question").count() == kpis["question_count"]
            assert rows.filter(kind="question", name="open").count() == kpis["open_question_count"]
            answered = rows.filter(kind="objection", name__endswith=":answered", outcome="done").count()
            assert answered == kpis["objections_addressed"]
            assert not rows.filter(kind__in=("filler", "question"), at_ms__isnull=True).exists()


def test_a_new_score_replaces_the_fact(history: None) -> None:
    with acting_as_service("a test scores again"):
        actions.write_facts()
        attempt = Attempt.objects.first()
        assert attempt is not None
        Attempt.objects.filter(pk=attempt.pk).update(score=12, scored_at=UNTIL)
        assert actions.write_facts() == 1
        assert FactAttempt.objects.get(pk=attempt.pk).score == 12


def test_a_person_is_remembered_as_they_were(history: None) -> None:
    with acting_as_service("a test moves somebody"):
        actions.write_facts()
        fact = FactAttempt.objects.exclude(user_key=None).first()
        assert fact is not None
        assert fact.user_key is not None
        assert fact.user_id is not None
        before = DimUser.objects.get(pk=fact.user_key)
        User.objects.filter(pk=fact.user_id).update(role="manager", team=None)
        now = DimUser.objects.get(user_id=fact.user_id, valid_until=None)
        assert (before.role, now.role, now.team_id) == ("trainee", "manager", None)
        assert now.pk != before.pk
        Attempt.objects.filter(pk=fact.pk).update(scored_at=UNTIL)
        actions.write_facts()
        assert FactAttempt.objects.get(pk=fact.pk).user_key == before.pk


def test_many_may_refresh_at_once(history: None) -> None:
    with acting_as_service("a test writes facts"):
        actions.write_facts()
    failures: list[BaseException] = []
    done: list[bool] = []

    def refresh() -> None:
        try:
            with acting_as_service("a test refreshes from many sides"):
                done.append(actions.refresh_reporting())
        except BaseException as problem:
            failures.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(done) == 4
    assert any(done)


def test_seeded_transcripts_scored_again_equal_their_kpis(history: None) -> None:
    with acting_as_service("a test scores again"):
        rows = Transcript.objects.select_related("attempt").order_by("pk")[:12]
        for row in rows:
            assert compute_kpis(row.transcript, row.attempt.rubric) == with_words(row.attempt).kpis


def test_a_seeded_history_keeps_its_words_apart(history: None) -> None:
    found = _rows(
        "select count(*), count(w.kpis), count(w.feedback), "
        "count(*) filter (where holds_words(a.kpis) or holds_words(a.score_breakdown) or a.feedback ? 'summary') "
        "from scenario_attempts a left join attempt_words w on w.attempt_id = a.id"
    )
    assert found[0][0] == found[0][1] == found[0][2] > 0
    assert found[0][3] == 0


def test_the_same_seed_gives_the_same_history(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    files = load_packs()[:1]
    monkeypatch.setattr("parley.reporting.seeding.history.load_packs", lambda: files)
    monkeypatch.setattr(pool, "LEVELS", 8)
    seen = []
    for _ in range(2):
        seed_history(orgs=1, users=6, attempts=15, seed=3, until=UNTIL, variants=1)
        seen.append(_rows("select id, user_id, started_at, score::text from scenario_attempts order by id"))
        with connections["owner"].cursor() as cursor:
            cursor.execute("truncate orgs cascade")
    assert seen[0] == seen[1]
    assert len(seen[0]) == 15


@pytest.mark.slow
def test_a_thousand_seeded_transcripts_scored_again_equal_their_kpis(committed_db: None) -> None:
    seed_history(orgs=2, users=60, attempts=1000, seed=5, until=UNTIL, variants=1)
    again = _rows(
        "select count(*), count(*) filter (where k.kpis = w.kpis and a.kpis = without_words(k.kpis) "
        "and compute_score(k.kpis, a.rubric) = w.score_breakdown "
        "and a.score_breakdown = without_words(w.score_breakdown) "
        "and (w.score_breakdown ->> 'total')::numeric is not distinct from a.score) "
        "from scenario_attempts a join attempt_transcripts t on t.attempt_id = a.id "
        "join attempt_words w on w.attempt_id = a.id "
        "cross join lateral (select compute_kpis(t.transcript, a.rubric) as kpis offset 0) as k"
    )
    assert again == [(1000, 1000)]
