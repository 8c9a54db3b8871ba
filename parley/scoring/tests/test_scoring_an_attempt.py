"""A finished call is scored by a job and shown on its review page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection
from django.test import Client

from parley.calls.models import Attempt, Transcript
from parley.core.models import Event
from parley.core.tenancy import acting_as, acting_as_service
from parley.scoring import actions, queries
from parley.scoring.jobs import score_attempt_job
from parley.scoring.tests.calls import GOOD, finished_call
from tests.support.cast import Cast, Person


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def score(attempt: Attempt) -> Attempt:
    score_attempt_job(attempt_id=str(attempt.pk))
    with acting_as_service("a test looks"):
        return Attempt.objects.get(pk=attempt.pk)


def jobs_waiting() -> int:
    with acting_as_service("a test counts jobs"), connection.cursor() as cursor:
        cursor.execute("select count(id) from procrastinate_jobs")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_a_finished_call_leaves_one_job(cast: Cast) -> None:
    before = jobs_waiting()
    finished_call(cast)
    assert jobs_waiting() == before + 1


def test_it_writes_kpis_score_breakdown_and_feedback(cast: Cast) -> None:
    attempt = score(finished_call(cast))
    assert attempt.status == "scored"
    assert attempt.scored_at is not None
    assert attempt.kpis is not None
    assert attempt.score_breakdown is not None
    assert attempt.feedback is not None
    assert attempt.kpis["talk_listen"] == "62:38"
    assert attempt.score is not None
    assert float(attempt.score) == attempt.score_breakdown["total"]
    assert attempt.feedback["writer"] == "rules-2"
    points = sum((Decimal(str(c["points"])) for c in attempt.score_breakdown["criteria"]), Decimal(0))
    assert attempt.score == points.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_it_records_the_event_once(cast: Cast) -> None:
    attempt = finished_call(cast)
    for _ in range(2):
        with acting_as_service("a test scores twice"):
            actions.score_attempt(attempt.pk)
    with acting_as_service("a test looks"):
        events = Event.objects.filter(event="attempt.scored", subject_id=attempt.pk)
        assert events.count() == 1
        assert events.get().data["abstained"] is False


def test_two_calls_may_end_at_the_same_time(cast: Cast) -> None:
    assert [score(finished_call(cast)).status for _ in range(2)] == ["scored", "scored"]


def test_a_malformed_transcript_fails_with_a_note_and_keeps_the_words(cast: Cast) -> None:
    attempt = finished_call(cast)
    with acting_as_service("a test spoils a transcript"):
        Transcript.objects.filter(pk=attempt.pk).update(
            transcript=[{"speaker": "parrot", "start": 0, "end": 1, "text": "x"}]
        )
    attempt = score(attempt)
    assert attempt.status == "failed"
    assert "transcript[0].speaker" in attempt.notes[-1]


def test_the_review_appears_before_the_score_and_fills_in(cast: Cast) -> None:
    attempt = finished_call(cast)
    with acting_as(cast.ben.member):
        waiting = queries.get_review(attempt.pk, cast.ben.member)
    assert waiting is not None
    assert (waiting.state, waiting.is_waiting, waiting.score) == ("scoring", True, None)
    assert len(waiting.transcript) == len(GOOD)
    score(attempt)
    with acting_as(cast.ben.member):
        review = queries.get_review(attempt.pk, cast.ben.member)
    assert review is not None
    assert review.state == "scored"
    assert review.score is not None
    assert review.score.total is not None
    assert {tile.measure for tile in review.tiles} >= {"talk_ratio", "words_per_minute", "fillers_per_minute"}
    assert review.feedback is not None
    assert any(line.cited for line in review.transcript)
    assert [mark.label for line in review.transcript for mark in line.marks if mark.kind == "goal"] == ["goal reached"]


@pytest.mark.parametrize(("who", "status"), [("ben", 200), ("ana", 404), ("hana", 404), ("carla", 404)])
def test_practice_is_the_reps_alone(cast: Cast, who: str, status: int) -> None:
    attempt = score(finished_call(cast))
    client = browser(cast.people()[who])
    for part in ("", "score/"):
        assert client.get(f"/attempts/{attempt.pk}/{part}").status_code == status


def test_the_page_shows_score_evidence_and_feedback(cast: Cast) -> None:
    attempt = score(finished_call(cast))
    page = browser(cast.ben).get(f"/attempts/{attempt.pk}/").content.decode()
    assert "What would you compare it with?" in page
    assert "Discovery breadth" in page
    assert f"{attempt.score:g}" in page


def test_the_part_polls_until_the_score_is_there(cast: Cast) -> None:
    attempt = finished_call(cast)
    client = browser(cast.ben)
    assert "every 8s" in client.get(f"/attempts/{attempt.pk}/score/").content.decode()
    score(attempt)
    assert "every 8s" not in client.get(f"/attempts/{attempt.pk}/score/").content.decode()


def test_the_list_has_the_reps_own_calls(cast: Cast) -> None:
    attempt = score(finished_call(cast))
    assert str(attempt.pk) in browser(cast.ben).get("/attempts/").content.decode()
    assert str(attempt.pk) not in browser(cast.ana).get("/attempts/").content.decode()


def test_hr_sees_the_score_of_an_official_call_and_none_of_its_words(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    with acting_as(cast.hana.member):
        review = queries.get_review(attempt.pk, cast.hana.member)
    assert review is not None
    assert review.score is not None
    assert review.score.total is not None
    assert review.transcript == []
    page = browser(cast.hana).get(f"/attempts/{attempt.pk}/").content.decode()
    said = [sentence.strip() for turn in GOOD for sentence in turn[3].split(".") if len(sentence.split()) > 3]
    assert [sentence for sentence in said if sentence in page] == []
    assert said[0] in browser(cast.ana).get(f"/attempts/{attempt.pk}/").content.decode()
