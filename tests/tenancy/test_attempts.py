"""Who sees a call: practice is the rep's alone, official ones are seen by those who answer for the rep."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from parley.calls.actions import finish_attempt, start_attempt
from parley.calls.models import Attempt, Recording, Transcript
from parley.core.tenancy import acting_as, acting_as_service
from parley.voice.contracts import CallRecord, Utterance
from tests.support.cast import Cast


def _attempt(cast: Cast, mode: str) -> Attempt:
    with acting_as(cast.ben.member):
        attempt, _ = start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes", mode=mode)
    said = Utterance(i=0, speaker="rep", start=0.0, end=1.0, text="Hello there")
    record = CallRecord(
        attempt_id=attempt.pk,
        started_at=attempt.created_at,
        ended_at=attempt.created_at,
        duration_s=1.0,
        end_reason="rep_ended",
        utterances=[said],
    )
    with acting_as_service("a test closes a call"):
        assert finish_attempt(attempt, record=record)
        Recording.objects.create(attempt=attempt, org_id=attempt.org_id, path="x.flac", duration_s=1.0, bytes=1)
    return attempt


@pytest.mark.parametrize(
    ("mode", "who", "attempt", "words"),
    [
        ("practice", "ben", True, True),
        ("practice", "ana", False, False),
        ("practice", "omar", False, False),
        ("practice", "hana", False, False),
        ("practice", "dan", False, False),
        ("practice", "carla", False, False),
        ("official", "ben", True, True),
        ("official", "ana", True, True),
        ("official", "omar", True, True),
        ("official", "hana", True, False),
        ("official", "dan", False, False),
        ("official", "carla", False, False),
    ],
)
def test_who_sees_the_attempt_and_its_words(cast: Cast, mode: str, who: str, attempt: bool, words: bool) -> None:
    row = _attempt(cast, mode)
    with acting_as(cast.people()[who].member):
        assert Attempt.objects.filter(pk=row.pk).exists() is attempt
        assert Transcript.objects.filter(pk=row.pk).exists() is words
        assert Recording.objects.filter(pk=row.pk).exists() is words


def test_a_rep_cannot_write_their_own_score(cast: Cast) -> None:
    row = _attempt(cast, "practice")
    with acting_as(cast.ben.member):
        changes: list[dict[str, Any]] = [{"score": 100}, {"rubric": {}}, {"kpis": {}}, {"brief": {}}]
        for change in changes:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                Attempt.objects.filter(pk=row.pk).update(**change)


def test_a_rep_cannot_start_a_call_for_somebody_else(cast: Cast) -> None:
    with acting_as(cast.dan.member), pytest.raises(DatabaseError), transaction.atomic():
        start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes")


def test_a_rep_cannot_insert_a_scored_attempt(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        attempt, _ = start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes")
        attempt.pk, attempt.score = uuid.uuid4(), Decimal(100)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            attempt.save(force_insert=True)
