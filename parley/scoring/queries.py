"""Reads of the review page. What it shows is defined in `review.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from parley.calls import queries as calls
from parley.calls.models import Attempt, Transcript
from parley.core.tenancy import Member
from parley.scenarios import approvals
from parley.scenarios.models import Scenario
from parley.scoring.corrections.queries import corrections_of, history_of
from parley.scoring.drafting import draft_key
from parley.scoring.parts import (
    cited_indexes,
    clock,
    compliance_rows,
    feedback_of,
    objection_rows,
    score_card,
    topic_rows,
    transcript_lines,
    without_quotes,
)
from parley.scoring.review import AttemptRow, EarlierAttempt, Feedback, Review, Sound, State
from parley.scoring.tiles import tiles_of

STATES: dict[str, State] = {
    "created": "live",
    "live": "live",
    "ended": "scoring",
    "scored": "scored",
    "failed": "failed",
    "abandoned": "abandoned",
}
WAITING = {
    "live": "The call is still running. This page fills in when it is over.",
    "scoring": "The call is being scored. This takes a few seconds.",
}
LONGEST_WRITING = timedelta(minutes=4)
"""After so long a model that has not finished its feedback is not waited for."""
ENDINGS = {
    "goal": "The buyer agreed, and the call ended at its goal.",
    "patience": "The buyer lost patience and hung up.",
    "goodbye": "You both said goodbye.",
    "silence": "The buyer hung up after a long silence.",
    "rep_ended": "You ended the call.",
    "time_limit": "The time limit was reached.",
    "connection_lost": "The connection was lost.",
    "server_stopped": "The server stopped during the call; what was recorded up to then is here.",
    "error": "Something went wrong during the call; what was recorded up to then is here.",
    "abandoned": "The call was given up before it began.",
}


def get_review(attempt_id: UUID, member: Member) -> Review | None:
    """The review page of an attempt as this member may see it; None when policies hide it."""
    attempt = calls.get_attempt_for_reviewer(attempt_id)
    return None if attempt is None else _review(attempt, member)


def attempts_of(member: Member, narrow: calls.Narrow = lambda rows: rows, criterion: str = "") -> list[AttemptRow]:
    """The member's own attempts, newest first, with their share of a criterion where one is asked for."""
    found = list(calls.attempts_of(member, narrow))
    shares = shares_of(criterion, [attempt.pk for attempt in found]) if criterion else {}
    return [
        AttemptRow(
            id=attempt.pk,
            url=attempt.get_absolute_url(),
            scenario_title=attempt.scenario.title,
            persona_name="Real call" if attempt.kind == "imported" else attempt.persona_name,
            started_at=attempt.started_at or attempt.created_at,
            duration=clock(attempt.duration_s or 0),
            kind=attempt.kind,
            state="scoring" if attempt.kind == "imported" and attempt.is_running else STATES[attempt.status],
            score=None if attempt.score is None else float(attempt.score),
            passed=attempt.passed,  # type: ignore[attr-defined]  # annotated
            share=shares.get(attempt.pk),
        )
        for attempt in found
    ]


def shares_of(criterion: str, attempt_ids: list[UUID]) -> dict[UUID, float]:
    """By attempt, the share 0..1 of one criterion where it was judged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.id, (c ->> 'share')::float8 from scenario_attempts a, "
            "jsonb_array_elements(a.score_breakdown -> 'criteria') as c "
            "where a.id = any (%s) and c ->> 'id' = %s and jsonb_typeof(c -> 'share') = 'number'",
            [attempt_ids, criterion],
        )
        return dict(cursor.fetchall())


def _review(attempt: Attempt, member: Member) -> Review:
    state = STATES[attempt.status]
    kpis, breakdown, rubric = attempt.kpis or {}, attempt.score_breakdown or {}, attempt.rubric
    scored = state == "scored"
    words = Transcript.objects.filter(attempt=attempt).values_list("transcript", flat=True).first()
    if words is None:
        kpis, breakdown = {**kpis, "evidence": {}}, without_quotes(breakdown)
    card = score_card(kpis, breakdown, rubric, corrections_of(attempt, member)) if scored else None
    feedback = _feedback(attempt, may_quote=words is not None)
    return Review(
        attempt_id=attempt.pk,
        url=attempt.get_absolute_url(),
        score_url=reverse("attempt-score", args=[attempt.pk]),
        feedback_url=reverse("attempt-feedback", args=[attempt.pk]),
        try_again_url=reverse("play", args=[attempt.brief.get("scenario_key", attempt.scenario.key)]),
        state=state,
        is_waiting=state in WAITING,
        waiting_text=_waiting_text(attempt, state),
        scenario_title=attempt.scenario.title,
        scenario_key=attempt.scenario.key,
        scenario_id=attempt.scenario_id,
        goal_label=str((rubric.get("goal") or {}).get("label", "")),
        persona_name="a customer" if attempt.kind == "imported" else attempt.persona_name,
        rep_name=attempt.user.full_name or "Rep",
        is_own=attempt.user_id == member.user_id,
        kind=attempt.kind,  # type: ignore[arg-type]  # the column's check allows no other
        started_at=attempt.started_at or attempt.created_at,
        duration=clock(attempt.duration_s or 0),
        end_text="Imported" if attempt.kind == "imported" else ENDINGS.get(attempt.end_reason, ""),
        notes=[str(note) for note in attempt.notes],
        score=card,
        tiles=tiles_of(kpis, rubric.get("kpi_bands")) if scored else [],
        objections=objection_rows(kpis, rubric) if scored else [],
        topics=topic_rows(kpis, rubric) if scored else [],
        compliance=compliance_rows(kpis, rubric) if scored else [],
        rules_notice=approvals.notice(rubric),
        rules_approved=_rules_approved(rubric),
        feedback=feedback,
        scenario_draft_url=_draft_url(attempt, member) if scored and words else "",
        words_hidden=member.role == "hr" and attempt.user_id != member.user_id,
        transcript=transcript_lines(attempt, words or [], kpis, cited_indexes(card, feedback)),
        sound=_sound(attempt),
        earlier=_earlier(attempt),
        history=history_of(attempt),
    )


def _rules_approved(rubric: Mapping[str, Any]) -> str:
    approval = approvals.approved_by(rubric)
    return f"Approved by {approval.officer} until {approval.valid_until:%d %b %Y}." if approval else ""


def _draft_url(attempt: Attempt, member: Member) -> str:
    author = attempt.kind == "imported" and member.is_any("manager", "admin")
    return reverse("attempt-scenario", args=[attempt.pk]) if author else ""


def _waiting_text(attempt: Attempt, state: State) -> str:
    if attempt.kind == "imported" and state == "live":
        percent = attempt.models_used.get("progress_percent")
        done = "" if percent is None else f" {percent} % are done."
        return f"The recording is being heard, which takes about a third of its length.{done}"
    return WAITING.get(state, "")


def may_draft_from(attempt_id: UUID, member: Member) -> bool:
    """May this member make a scenario of this call: an author, and an imported call whose words are there?"""
    ready = Attempt.objects.filter(pk=attempt_id, kind="imported", status="scored")
    return (
        member.is_any("manager", "admin")
        and ready.exists()
        and Transcript.objects.filter(attempt_id=attempt_id).exists()
    )


def get_draft_of(attempt_id: UUID) -> Scenario | None:
    """The scenario that was drafted from a call."""
    return Scenario.objects.filter(key=draft_key(attempt_id)).first()


def get_feedback(attempt_id: UUID) -> Feedback | None:
    """The feedback of an attempt as it is now; None without one, and when policies hide the attempt."""
    attempt = calls.get_attempt_for_reviewer(attempt_id)
    if attempt is None:
        return None
    return _feedback(attempt, may_quote=Transcript.objects.filter(attempt=attempt).exists())


def _feedback(attempt: Attempt, *, may_quote: bool) -> Feedback | None:
    if not attempt.feedback:
        return None
    begun = attempt.scored_at or attempt.updated_at
    # A worker that died leaves the mark; what the rules wrote then stands.
    is_writing = attempt.feedback.get("state") == "writing" and timezone.now() - begun < LONGEST_WRITING
    return feedback_of(attempt.feedback, may_quote=may_quote, is_writing=is_writing)


def _sound(attempt: Attempt) -> Sound | None:
    media = calls.get_media(attempt)
    if media.recording_url is None:
        return None
    return Sound(
        url=media.recording_url,
        duration_s=media.duration_s or 0.0,
        channels=media.channels or 2,
        peaks=media.peaks,
        renew_url=reverse("call-media", args=[attempt.pk]),
    )


def _earlier(attempt: Attempt) -> list[EarlierAttempt]:
    rows = Attempt.objects.filter(
        user_id=attempt.user_id, scenario__key=attempt.scenario.key, status__in=("ended", "scored", "failed")
    ).order_by("-created_at")[:20]
    return [
        EarlierAttempt(
            id=row.pk,
            url=row.get_absolute_url(),
            started_at=row.started_at or row.created_at,
            score=None if row.score is None else float(row.score),
            too_little=row.status == "scored" and row.score is None,
            duration=clock(row.duration_s or 0),
            is_this=row.pk == attempt.pk,
        )
        for row in rows
    ]
