"""A real call as an attempt of kind `imported`: begun with the upload, heard by a worker, closed like any other."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.utils import timezone

from parley.buyer.asked import with_topics_asked
from parley.buyer.brief import BuyerBrief
from parley.calls import actions, recordings
from parley.calls.models import RUNNING, Attempt
from parley.calls.voice import voice_settings
from parley.core.tenancy import Member, acting_as_service
from parley.scenarios.models import Scenario
from parley.voice.again import hear_again
from parley.voice.contracts import CallRecord, Utterance

Floats = npt.NDArray[np.float32]
REASON = "An uploaded call is heard and closed for whoever uploaded it."
PROGRESS_EVERY_S = 3.0


def start_import(scenario: Scenario, *, by: Member, consent_text: str) -> Attempt:
    """An attempt that waits for its recording to be heard; private, as practice is. Raises CannotStart."""
    attempt, _token = actions.start_attempt(scenario, by=by, consent_text=consent_text, kind="imported")
    return attempt


def recognise(attempt_id: UUID, rep: Floats, buyer: Floats) -> tuple[list[dict[str, Any]], str]:
    """The utterances of both sides and who heard them; the attempt tells how far it is. Raises ModelError."""
    heard = hear_again(rep, buyer, voice_settings(), on_progress=_teller(attempt_id))
    utterances = [u.model_dump(mode="json", exclude_none=True) for u in heard.utterances]
    return [{**u, "source": "import"} for u in utterances], heard.by


def _teller(attempt_id: UUID) -> Callable[[float], None]:
    told = time.monotonic()

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= PROGRESS_EVERY_S:
            told = time.monotonic()
            with acting_as_service(REASON):
                waiting = Attempt.objects.filter(pk=attempt_id, status__in=RUNNING)
                waiting.update(models_used={"progress_percent": round(100 * share)})

    return tell


def finish_import(
    attempt_id: UUID, utterances: list[dict[str, Any]], *, sound: tuple[Floats, Floats] | None, by: str
) -> bool:
    """Close the attempt with its words and sound and hand it to scoring; False when it was closed before."""
    with acting_as_service(REASON):
        attempt = Attempt.objects.get(pk=attempt_id)
    brief = BuyerBrief.model_validate(attempt.brief)
    recording = None if sound is None else recordings.keep_whole(attempt, np.stack(sound, axis=1))
    duration_s = recording["duration_s"] if recording else max(float(u["end"]) for u in utterances)
    record = CallRecord(
        attempt_id=attempt_id,
        started_at=timezone.now() - timedelta(seconds=duration_s),
        ended_at=timezone.now(),
        duration_s=duration_s,
        end_reason="rep_ended",
        utterances=[Utterance.model_validate(u) for u in with_topics_asked(utterances, brief.branching)],
        models={"stt": by} if by else {},
    )
    with acting_as_service(REASON):
        return actions.finish_attempt(attempt, record=record, recording=recording)


def refuse_import(attempt_id: UUID, why: str) -> None:
    """The upload cannot be scored: the attempt fails and says why and what to do."""
    with acting_as_service(REASON):
        attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
        if attempt.is_running:
            attempt.status, attempt.notes = "failed", [*attempt.notes, why]
            attempt.save(update_fields=["status", "notes", "updated_at"])
