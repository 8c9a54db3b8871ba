"""/api/calls/*: the life of a call for the player and the command line. Described in docs/reference/api-calls.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from pydantic import BaseModel, ValidationError

from parley.accounts.org_settings import org_settings
from parley.calls import actions, queries
from parley.calls.forms import StartCall, TypedCall
from parley.calls.models import Attempt
from parley.core.tenancy import Member, acting_as_service
from parley.scenarios.models import Scenario
from parley.scenarios.queries import get_scenario_for_practice
from parley.voice.contracts import CallRecord

Body = TypeVar("Body", bound=BaseModel)
OwnView = Callable[[HttpRequest, Attempt, Member], JsonResponse]


class BadRequest(Exception):
    """Answered as a 4xx with a code and a sentence."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def api(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """Turn BadRequest into `{"error": {"code", "message"}}`."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except BadRequest as bad:
            return JsonResponse({"error": {"code": bad.code, "message": str(bad)}}, status=bad.status)

    return wrapped


@require_POST
@api
def start(request: HttpRequest) -> JsonResponse:
    """Create an attempt and say how to join it."""
    member: Member = request.member  # type: ignore[attr-defined]
    body = _parse(request, StartCall)
    if not body.consent:
        raise BadRequest("consent", "The call is recorded, so it cannot start without your consent to the recording.")
    scenario = get_scenario_for_practice(body.scenario)
    if scenario is None:
        keys = ", ".join(Scenario.objects.published().values_list("key", flat=True)[:40])
        raise BadRequest("unknown_scenario", f"Scenario {body.scenario!r} is unknown; use one of: {keys}.", 404)
    consent = org_settings(member.org_id).recording_consent_text
    try:
        attempt, token = actions.start_attempt(
            scenario, by=member, consent_text=consent, mode=body.mode, kind=body.kind, seed=body.seed
        )
    except actions.CannotStart as reason:
        raise BadRequest("not_allowed", str(reason), 403) from None
    answer = _joining(attempt, token)
    if body.kind == "typed":
        answer["brief"] = attempt.brief
    return JsonResponse(answer, status=201)


def own(view: OwnView) -> Callable[[HttpRequest, UUID], JsonResponse]:
    """Give the view the member's own attempt, or answer 404 as for one that does not exist."""

    @api
    def wrapped(request: HttpRequest, attempt_id: UUID) -> JsonResponse:
        member: Member = request.member  # type: ignore[attr-defined]
        attempt = queries.get_own_attempt(attempt_id, member)
        if attempt is None:
            raise BadRequest("unknown_attempt", "This call does not exist, or it is not yours.", 404)
        return view(request, attempt, member)

    return wrapped


@require_POST
@own
def join(request: HttpRequest, attempt: Attempt, member: Member) -> JsonResponse:
    """A fresh token and the transport addresses, to join a running call again."""
    if attempt.kind != "voice":
        raise BadRequest("not_spoken", f"This attempt is {attempt.kind}, not a call that can be joined.", 409)
    if not attempt.is_running:
        raise BadRequest("ended", "This call has already ended. Open its review, or start a new call.", 409)
    return JsonResponse(_joining(attempt, actions.renew_token(attempt, by=member)))


@require_POST
@own
def heartbeat(request: HttpRequest, attempt: Attempt, member: Member) -> JsonResponse:
    """The page is still open; answers whether the call still runs."""
    return JsonResponse({"status": attempt.status, "running": attempt.is_running})


@require_POST
@own
def end(request: HttpRequest, attempt: Attempt, member: Member) -> JsonResponse:
    """The rep hangs up. A live call is closed by the voice server; this tells it, and gives up one that never began."""
    actions.abandon_attempt(attempt, by=member)
    actions.ask_to_end(attempt)
    attempt.refresh_from_db()
    return JsonResponse(_status(attempt))


@require_POST
@own
def abandon(request: HttpRequest, attempt: Attempt, member: Member) -> JsonResponse:
    """Give up a call before it was joined."""
    if not actions.abandon_attempt(attempt, by=member) and attempt.is_running:
        raise BadRequest("live", "The call is already live; end it instead, so that it is scored.", 409)
    attempt.refresh_from_db()
    return JsonResponse(_status(attempt))


@require_GET
@own
def status(request: HttpRequest, attempt: Attempt, member: Member) -> JsonResponse:
    """Where the call stands; with `score`, `kpis`, `breakdown` and `transcript` once there are any."""
    answer = _status(attempt)
    if request.GET.get("full"):
        media = queries.get_media(queries.with_words(attempt))
        row = getattr(attempt, "transcript_row", None)
        answer |= {
            "transcript": row.transcript if row else [],
            "kpis": attempt.kpis,
            "breakdown": attempt.score_breakdown,
            "feedback": attempt.feedback,
            "latencies_ms": attempt.latencies_ms,
            "notes": attempt.notes,
            "recording": {"url": media.recording_url, "duration_s": media.duration_s, "channels": media.channels}
            if media.recording_url
            else None,
        }
    return JsonResponse(answer)


@require_POST
@own
def transcript(request: HttpRequest, attempt: Attempt, member: Member) -> JsonResponse:
    """Close a typed attempt with what was typed."""
    if attempt.kind != "typed":
        raise BadRequest("not_typed", "Only a typed practice takes a transcript; a spoken call writes its own.", 409)
    body = _parse(request, TypedCall)
    ended = timezone.now()
    duration_s = max((utterance.end for utterance in body.utterances), default=0.0)
    utterances = [
        u.model_copy(update={"i": i, "source": "typed", "words": None}) for i, u in enumerate(body.utterances)
    ]
    record = CallRecord(
        attempt_id=attempt.pk,
        started_at=ended - timedelta(seconds=duration_s),
        ended_at=ended,
        duration_s=duration_s,
        end_reason=body.end_reason,
        utterances=utterances,
    )
    with acting_as_service("A typed practice is closed as a spoken one is: transcripts are not the rep's to write."):
        if not actions.finish_attempt(attempt, record=record):
            raise BadRequest("ended", "This practice has already ended. Open its review, or start a new one.", 409)
    attempt.refresh_from_db()
    return JsonResponse(_status(attempt))


@require_GET
@api
def media(request: HttpRequest, attempt_id: UUID) -> JsonResponse:
    """Fresh signed addresses of recording and transcript for anybody who may review the attempt."""
    attempt = queries.get_attempt_for_reviewer(attempt_id)
    if attempt is None:
        raise BadRequest("unknown_attempt", "This call does not exist, or it is not yours to hear.", 404)
    found = queries.get_media(attempt)
    return JsonResponse(
        {
            "recording": {
                "url": found.recording_url,
                "duration_s": found.duration_s,
                "channels": found.channels,
                "peaks": found.peaks,
            }
            if found.recording_url
            else None,
            "transcript_url": found.transcript_url,
            "transcript_txt_url": found.transcript_txt_url,
            "expires_in_s": settings.SIGNED_URL_TTL_S,
        }
    )


def _joining(attempt: Attempt, token: str) -> dict[str, Any]:
    base = f"/api/calls/{attempt.pk}"
    return {
        "attempt_id": str(attempt.pk),
        "token": token,
        "token_ttl_s": settings.CALL_TOKEN_TTL_S,
        "webrtc_url": "/voice/offer",
        "ws_url": "/voice/ws",
        "time_limit_s": attempt.time_limit_s,
        "review_url": attempt.get_absolute_url(),
        **{f"{name}_url": f"{base}/{name}" for name in ("join", "status", "heartbeat", "end", "abandon", "media")},
        "scenario": {
            "key": attempt.brief["scenario_key"],
            "title": attempt.brief["title"],
            "persona": attempt.persona_name,
        },
    }


def _status(attempt: Attempt) -> dict[str, Any]:
    started = attempt.started_at
    elapsed_s = ((attempt.ended_at or timezone.now()) - started).total_seconds() if started else 0.0
    return {
        "attempt_id": str(attempt.pk),
        "status": attempt.status,
        "running": attempt.is_running,
        "elapsed_s": round(elapsed_s, 1),
        "duration_s": attempt.duration_s,
        "end_reason": attempt.end_reason or None,
        "score": None if attempt.score is None else float(attempt.score),
        "review_url": attempt.get_absolute_url(),
    }


def _parse(request: HttpRequest, model: type[Body]) -> Body:
    try:
        return model.model_validate(json.loads(request.body or b"{}"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest(
            "bad_json",
            'The body is not JSON; send an object like {"scenario": "s01-inbound-rate-shopper", "consent": true}.',
        ) from None
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors(include_url=False)[:5]
        )
        raise BadRequest("bad_request", f"The body does not fit: {problems}.") from None
