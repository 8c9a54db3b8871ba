"""Score a finished attempt, write its feedback, and say so."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.calls.models import Attempt, Transcript
from parley.calls.queries import with_words
from parley.core import events
from parley.scoring import functions
from parley.scoring.feedback import write_feedback

log = logging.getLogger(__name__)


def score_attempt(attempt_id: UUID) -> Attempt:
    """Write KPIs, score, breakdown and feedback of one finished attempt and record `attempt.scored`.

    The same call again gives the same score and records nothing. A transcript that cannot be measured ends as `failed`
    with a note; recording and transcript stay.
    """
    try:
        with transaction.atomic():
            return _score(attempt_id)
    except functions.MalformedTranscript as problem:
        log.warning("An attempt could not be scored.", extra={"attempt_id": str(attempt_id), "problem": str(problem)})
        return _fail(attempt_id, str(problem))


def _score(attempt_id: UUID) -> Attempt:
    before = Attempt.objects.filter(pk=attempt_id, status="scored").values_list("score_breakdown", flat=True).first()
    breakdown = functions.score_attempt(attempt_id)
    attempt = Attempt.objects.get(pk=attempt_id)
    changed = before != attempt.score_breakdown
    attempt = with_words(attempt)
    transcript = Transcript.objects.filter(attempt_id=attempt_id).values_list("transcript", flat=True).first() or []
    attempt.feedback = write_feedback(transcript, attempt.kpis or {}, breakdown, attempt.rubric, attempt.brief)
    attempt.save(update_fields=["feedback"])
    if changed:
        events.record(
            "attempt.scored",
            org_id=attempt.org_id,
            subject=("attempt", attempt.pk),
            actor_id=attempt.user_id,
            data={
                "score": breakdown["total"],
                "passed": breakdown["passed"],
                "abstained": breakdown["abstained"],
                "rubric_version": breakdown["rubric_version"],
            },
        )
    return attempt


def _fail(attempt_id: UUID, problem: str) -> Attempt:
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
        attempt.status = "failed"
        attempt.notes = [*attempt.notes, f"This call could not be scored: {problem}."]
        attempt.updated_at = timezone.now()
        attempt.save(update_fields=["status", "notes", "updated_at"])
    return attempt
