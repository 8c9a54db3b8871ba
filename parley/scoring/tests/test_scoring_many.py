"""Many attempts are scored in one statement, and each comes out as it would alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from parley.calls.actions import start_attempt
from parley.calls.models import Attempt, Transcript
from parley.core.tenancy import acting_as, acting_as_service
from parley.scoring import actions, functions
from parley.scoring.tests.calls import GOOD, finished_call
from tests.support.cast import Cast

REASON = "A test scores many attempts."


def _scores(attempts: list[Attempt]) -> list[tuple[Any, ...]]:
    ids = [attempt.pk for attempt in attempts]
    rows = Attempt.objects.filter(pk__in=ids).values_list("pk", "status", "score", "kpis", "score_breakdown")
    return sorted(rows, key=lambda row: ids.index(row[0]))


def test_each_comes_out_as_it_would_alone(cast: Cast) -> None:
    attempts = [finished_call(cast, GOOD[:length]) for length in (len(GOOD), 12, 6)]
    with acting_as_service(REASON):
        for attempt in attempts:
            functions.score_attempt(attempt.pk)
        alone = _scores(attempts)
        assert actions.score_attempts([attempt.pk for attempt in attempts]) == 3
        assert _scores(attempts) == alone
    assert len({row[2] for row in alone}) == 3


def test_a_running_call_and_one_without_words_are_left_alone(cast: Cast) -> None:
    forgotten, done = finished_call(cast), finished_call(cast)
    with acting_as(cast.ben.member):
        running, _ = start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes", mode="practice", seed=7)
    with acting_as_service(REASON):
        Transcript.objects.filter(attempt_id=forgotten.pk).delete()
        assert actions.score_attempts([running.pk, forgotten.pk, done.pk]) == 1
        assert [row[1] for row in _scores([running, forgotten, done])] == ["created", "ended", "scored"]
        assert actions.score_attempts([]) == 0


def test_one_malformed_transcript_stops_the_batch_before_anything_is_written(cast: Cast) -> None:
    fine, broken = finished_call(cast), finished_call(cast)
    with acting_as_service(REASON):
        Transcript.objects.filter(attempt_id=broken.pk).update(transcript=[{"speaker": "parrot"}])
        with pytest.raises(functions.MalformedTranscript, match="speaker"):
            actions.score_attempts([fine.pk, broken.pk])
        assert [row[1] for row in _scores([fine, broken])] == ["ended", "ended"]


def test_every_function_that_scores_may_run_on_all_cores(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname from pg_proc where proparallel <> 's' and provolatile = 'i' "
            r"and proname ~ '^(kpi_|score_|compute_)'"
        )
        assert cursor.fetchall() == [], "Mark it `parallel safe`, or a batch runs on one core."
