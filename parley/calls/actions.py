"""The life of an attempt: started, joined, alive, finished or abandoned.

Races are settled by one guarded update each.
"""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.buyer.brief import BuyerBrief
from parley.calls import gates, recordings, tokens, tone
from parley.calls.models import RUNNING, Attempt, LiveUtterance, Recording, Transcript
from parley.core import events
from parley.core.tenancy import Member
from parley.scenarios.models import Scenario
from parley.scenarios.queries import rubric_to_freeze
from parley.voice.contracts import CallBrief, CallRecord, CallRefused, Utterance

MIN_SEED, MAX_SEED = 1, 2**31 - 1


class CannotStart(Exception):
    """The person may not start this call now; the text says why and what to do."""


@transaction.atomic
def start_attempt(
    scenario: Scenario,
    *,
    by: Member,
    consent_text: str,
    mode: str = "practice",
    kind: str = "voice",
    seed: int | None = None,
) -> tuple[Attempt, str]:
    """Write an attempt with a frozen copy of what it will be held and scored by; returns it and a call token.

    Raises CannotStart when a gate objects.
    """
    if reason := gates.ask(by, scenario):
        raise CannotStart(reason)
    chosen = seed or secrets.randbelow(MAX_SEED - MIN_SEED) + MIN_SEED
    brief = BuyerBrief(
        scenario_key=scenario.key,
        title=scenario.title,
        persona=scenario.persona,
        branching=scenario.branching,
        seed=chosen,
    )
    attempt = Attempt(
        org_id=by.org_id,
        user_id=by.user_id,
        scenario=scenario,
        mode=mode,
        kind=kind,
        seed=chosen,
        brief=brief.model_dump(mode="json"),
        rubric=rubric_to_freeze(scenario, timezone.localdate()),
        versions={"scenario": scenario.version, "rubric": scenario.rubric.get("version"), "prompt": "buyer_v1"},
        time_limit_s=scenario.time_limit_s,
        consent_text=consent_text,
        consented_at=timezone.now(),
    )
    token, attempt.token_id = tokens.issue(attempt.pk, by.user_id)
    attempt.save(force_insert=True)
    return attempt, token


def renew_token(attempt: Attempt, *, by: Member) -> str:
    """A fresh token for joining a running call again; older ones stop working."""
    token, token_id = tokens.issue(attempt.pk, by.user_id)
    Attempt.objects.filter(pk=attempt.pk, status__in=RUNNING).update(token_id=token_id, token_used=False)
    return token


def redeem_token(token: str) -> CallBrief:
    """Exchange a token (once) for the brief of its call and mark the attempt live. Raises CallRefused."""
    try:
        said = tokens.read(token)
    except tokens.TokenRefused as refused:
        raise CallRefused(refused.code, str(refused)) from None
    now = timezone.now()
    with transaction.atomic():
        taken = Attempt.objects.filter(
            pk=said.attempt_id, user_id=said.user_id, token_id=said.token_id, token_used=False, status__in=RUNNING
        ).update(token_used=True, status="live", heartbeat_at=now, updated_at=now)
        attempt = Attempt.objects.filter(pk=said.attempt_id, user_id=said.user_id).first()
        if attempt is None:
            raise CallRefused("unknown", "This call does not exist any more. Start again from the scenario page.")
        if not taken:
            _say_why_not(attempt)
        first = Attempt.objects.filter(pk=attempt.pk, started_at__isnull=True).update(started_at=now)
        if first:
            events.record(
                "call.started", org_id=attempt.org_id, subject=("attempt", attempt.pk), actor_id=attempt.user_id
            )
    return CallBrief(
        attempt_id=attempt.pk,
        org_id=attempt.org_id,
        user_id=attempt.user_id,
        buyer=BuyerBrief.model_validate(attempt.brief),
        time_limit_s=attempt.time_limit_s,
        resumed_at_s=0.0 if first else recordings.recorded_s(attempt.pk),
        resumed_segment=0 if first else recordings.next_segment(attempt.pk),
        history=[] if first else kept_utterances(attempt),
    )


def _say_why_not(attempt: Attempt) -> None:
    if not attempt.is_running:
        raise CallRefused("ended", "This call has already ended. Open its review, or start a new call.")
    raise CallRefused("used", "This call link was already used. Reload the page to join the call again.")


def beat(attempt_id: UUID) -> bool:
    """The call is alive and the sweep leaves it alone; False when it was asked to end or has ended."""
    return bool(Attempt.objects.filter(pk=attempt_id, status="live", end_reason="").update(heartbeat_at=timezone.now()))


def keep_utterance(attempt_id: UUID, org_id: UUID, utterance: Utterance) -> None:
    """Keep one utterance while the call runs; the same `i` again replaces it."""
    LiveUtterance.objects.update_or_create(
        attempt_id=attempt_id,
        i=utterance.i,
        defaults={"org_id": org_id, "utterance": utterance.model_dump(mode="json")},
    )


@transaction.atomic
def abandon_attempt(attempt: Attempt, *, by: Member | None) -> bool:
    """Give up a call that never got going; False when it is already live or over."""
    now = timezone.now()
    given_up = Attempt.objects.filter(pk=attempt.pk, status="created").update(
        status="abandoned", ended_at=now, end_reason="abandoned", updated_at=now
    )
    if given_up:
        actor = by.user_id if by else None
        events.record("call.abandoned", org_id=attempt.org_id, subject=("attempt", attempt.pk), actor_id=actor)
    return bool(given_up)


@transaction.atomic
def finish_attempt(attempt: Attempt, *, record: CallRecord, recording: dict[str, Any] | None = None) -> bool:
    """Close the attempt with transcript and recording and hand it to scoring; False when somebody closed it before.

    `recording` holds the columns of its row, as `recordings.assemble` returns them. Files follow the commit.
    """
    said = [utterance.model_dump(mode="json", exclude_none=True) for utterance in record.utterances]
    transcript = tone.as_allowed(said, attempt.org_id)
    closed = Attempt.objects.filter(pk=attempt.pk, status__in=RUNNING).update(
        status="ended",
        started_at=attempt.started_at or record.started_at,
        ended_at=record.ended_at,
        duration_s=record.duration_s,
        end_reason=record.end_reason,
        latencies_ms=record.latencies_ms,
        notes=record.notes,
        models_used=record.models,
        updated_at=timezone.now(),
    )
    if not closed:
        return False
    path = recordings.transcript_path(attempt)
    Transcript.objects.create(attempt=attempt, org_id=attempt.org_id, transcript=transcript, path=path)
    if recording is not None:
        Recording.objects.create(attempt=attempt, org_id=attempt.org_id, **recording)
    LiveUtterance.objects.filter(attempt=attempt).delete()
    data: dict[str, Any] = {"end_reason": record.end_reason, "duration_s": record.duration_s}
    subject = ("attempt", attempt.pk)
    events.record("call.finished", org_id=attempt.org_id, subject=subject, actor_id=attempt.user_id, data=data)
    transaction.on_commit(lambda: recordings.keep_transcript(attempt, transcript))
    transaction.on_commit(lambda: recordings.drop_segments(attempt.pk))
    return True


def kept_utterances(attempt: Attempt) -> list[Utterance]:
    """What was said so far, as it was kept while the call runs: by start, then rep first."""
    rows = attempt.live_utterances.values_list("utterance", flat=True)
    return sorted((Utterance.model_validate(row) for row in rows), key=lambda u: (u.start, u.speaker != "rep"))


def record_of_lost(attempt: Attempt) -> CallRecord:
    """What can still be said of a call whose process died: the utterances and sound kept up to then."""
    utterances = kept_utterances(attempt)
    utterances = [utterance.model_copy(update={"i": i}) for i, utterance in enumerate(utterances)]
    ended_at = attempt.heartbeat_at or timezone.now()
    duration_s = max([recordings.recorded_s(attempt.pk), *(utterance.end for utterance in utterances)])
    return CallRecord(
        attempt_id=attempt.pk,
        started_at=attempt.started_at or ended_at,
        ended_at=ended_at,
        duration_s=duration_s,
        end_reason="server_stopped",
        utterances=utterances,
        notes=["The server stopped during this call; what was recorded up to then was kept and scored."],
    )


def ask_to_end(attempt: Attempt) -> None:
    """Leave word that the rep wants to hang up; the voice process reads it with its next heartbeat."""
    Attempt.objects.filter(pk=attempt.pk, status="live").update(end_reason="rep_ended", updated_at=timezone.now())
