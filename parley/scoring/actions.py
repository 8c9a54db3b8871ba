"""Score a finished attempt, write its feedback, and say so."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.calls.models import Attempt, Transcript
from parley.calls.queries import with_words
from parley.core import events
from parley.scoring import functions
from parley.scoring.feedback import write_feedback

log = logging.getLogger(__name__)


def score_attempt(attempt_id: UUID, *, by_model: bool = False) -> Attempt:
    """Write KPIs, score, breakdown and feedback of one finished attempt and record `attempt.scored`.

    The feedback is the rule-based writer's; with `by_model` it is marked as being written anew by a language model.
    The same call again gives the same score, keeps its feedback and records nothing. A transcript that cannot be
    measured ends as `failed` with a note; recording and transcript stay.
    """
    try:
        with transaction.atomic():
            return _score(attempt_id, by_model=by_model)
    except functions.MalformedTranscript as problem:
        log.warning("An attempt could not be scored.", extra={"attempt_id": str(attempt_id), "problem": str(problem)})
        return _fail(attempt_id, str(problem))


def write_feedback_again(attempt_id: UUID, *, by_model: bool = False) -> Attempt | None:
    """Let the feedback of a scored call speak of the score that counts now, as after an override.

    None when nothing was to be done: the call is not scored, its words are forgotten, or the feedback says the same.
    """
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(of=("self",)).filter(pk=attempt_id, status="scored").first()
        if attempt is None or not Transcript.objects.filter(attempt_id=attempt_id).exists():
            return None
        written = _feedback(with_words(attempt), by_model=by_model)
        if written == attempt.feedback:
            return None
        attempt.feedback = written
        attempt.save(update_fields=["feedback"])
        return attempt


def is_being_written(feedback: Mapping[str, Any] | None) -> bool:
    """Is a language model writing this feedback, or about to?"""
    return (feedback or {}).get("state") == "writing"


def may_say(words: str, rubric: Mapping[str, Any]) -> bool:
    """May a rep say these words: nothing forbidden, no check broken, no bare rate?"""
    said = {"i": 0, "speaker": "rep", "start": 0, "end": 10, "text": words, "source": "typed"}
    kpis = functions.compute_kpis([said], rubric)
    with_rate = {p["id"] for p in rubric.get("phrases") or [] if p.get("when") == "rate_mentioned"}
    demanded = {c["id"] for c in rubric.get("compliance") or [] if c.get("phrase")}
    return (
        not any(forbidden["found"] for forbidden in kpis["forbidden"])
        and not any(phrase["found"] is False for phrase in kpis["phrases"] if phrase["id"] in with_rate)
        and not any(c["outcome"] == "fail" for c in kpis["compliance"] if c["id"] not in demanded)
    )


def score_attempts(attempt_ids: Sequence[UUID]) -> int:
    """Write KPIs, score and breakdown of many finished attempts by the rubrics frozen on them; return of how many.

    All of them are computed in one statement, which PostgreSQL runs on all its cores. For history and tests of scale:
    feedback stays as it is and nothing is recorded. Attempts that still run, or whose words are forgotten, are left
    alone. Raises MalformedTranscript when one of them cannot be measured; then nothing is written.
    """
    with transaction.atomic():
        return functions.score_attempts(attempt_ids)


def _score(attempt_id: UUID, *, by_model: bool) -> Attempt:
    before = Attempt.objects.filter(pk=attempt_id, status="scored").values_list("score_breakdown", flat=True).first()
    breakdown = functions.score_attempt(attempt_id)
    attempt = Attempt.objects.get(pk=attempt_id)
    changed = before != attempt.score_breakdown
    attempt = with_words(attempt)
    if not changed and attempt.feedback:
        return attempt
    attempt.feedback = _feedback(attempt, by_model=by_model)
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


def _feedback(attempt: Attempt, *, by_model: bool) -> dict[str, Any]:
    """What the rules write about an attempt as it is; marked when a model shall write it anew."""
    transcript = Transcript.objects.filter(attempt_id=attempt.pk).values_list("transcript", flat=True).first() or []
    breakdown = attempt.score_breakdown or {}
    feedback = write_feedback(transcript, attempt.kpis or {}, breakdown, attempt.rubric, attempt.brief)
    if by_model and transcript and not breakdown.get("abstained"):
        feedback["state"] = "writing"
    return feedback


def _fail(attempt_id: UUID, problem: str) -> Attempt:
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
        attempt.status = "failed"
        attempt.notes = [*attempt.notes, f"This call could not be scored: {problem}."]
        attempt.updated_at = timezone.now()
        attempt.save(update_fields=["status", "notes", "updated_at"])
        subject = ("attempt", attempt.pk)
        events.record("attempt.failed", org_id=attempt.org_id, subject=subject, actor_id=attempt.user_id)
    return attempt
