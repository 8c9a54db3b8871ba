"""A transcript that is missing or poor is made again from the recording, before the call is scored.

Poor means: the rep was recorded speaking and the words are not there. Sound is read and heard between two short
transactions.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import numpy as np
import numpy.typing as npt
import soundfile
import structlog
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from parley.buyer.asked import with_topics_asked
from parley.buyer.brief import BuyerBrief
from parley.calls import recordings, tone
from parley.calls.models import Attempt, Recording, Transcript
from parley.calls.voice import voice_settings
from parley.core.storage import bucket
from parley.core.tenancy import acting_as_service
from parley.voice.again import HeardAgain, hear_again, speech_spans
from parley.voice.contracts import Speaker
from parley.voice.model_files import ModelError

log = structlog.get_logger(__name__)
REASON = "A recording is heard again for whoever held the call."
Floats = npt.NDArray[np.float32]

LOUD = 0.03
"""Peak, of 1, from which a tenth of a second may be speech."""
LEAST_LOST_S = 3.0
MOST_LOST_SHARE = 0.3
"""A transcript is poor when more than this share of the rep's speech, and at least 3 s of it, has no words."""
LEAST_WORDS_PER_S = 0.7
"""Nobody speaks so slowly: 42 words a minute of speech, pauses between sentences not counted."""
AROUND_S = 0.6
"""How far an utterance's times may be off."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an ended attempt has."""

    words: list[dict[str, Any]]
    path: str
    peaks: list[float]
    duration_s: float


def hear_again_if_poor(attempt_id: UUID) -> str:
    """Make the transcript of an ended, spoken attempt again when it is missing or poor; returns the note, or nothing.

    The attempt says so in its notes. A recording that cannot be read, or a machine without a recogniser, changes
    nothing.
    """
    with acting_as_service(REASON):
        kept = _read(attempt_id)
    if kept is None or not _looks_poor(kept):
        return ""
    try:
        rep, buyer = _sound(kept.path)
        why = _why_poor(kept.words, rep, buyer)
        if not why:
            return ""
        sides = get_args(Speaker) if not any(u["speaker"] == "buyer" for u in kept.words) else ("rep",)
        heard = hear_again(rep, buyer, voice_settings(), sides=sides)
    except (OSError, soundfile.LibsndfileError, ModelError) as problem:
        log.warning("A recording could not be heard again.", attempt_id=str(attempt_id), problem=str(problem))
        return ""
    return _keep(attempt_id, heard, why)


def _read(attempt_id: UUID) -> _Kept | None:
    attempt = Attempt.objects.filter(pk=attempt_id, status="ended", kind="voice").first()
    recording = Recording.objects.filter(attempt_id=attempt_id).first()
    if attempt is None or recording is None or "stt_again" in attempt.models_used:
        return None
    words = Transcript.objects.filter(attempt_id=attempt_id).values_list("transcript", flat=True).first()
    return _Kept(words or [], recording.path, [*(recording.peaks or [[]])[0]], recording.duration_s)


def _looks_poor(kept: _Kept) -> bool:
    """By the waveform that is stored anyway, so at no cost: is the rep loud where no words are?"""
    if not kept.peaks:
        return False
    step = kept.duration_s / len(kept.peaks)
    loud = [(n * step, (n + 1) * step) for n, peak in enumerate(kept.peaks) if peak >= LOUD]
    return _is_poor(loud, kept.words)


def _why_poor(words: list[dict[str, Any]], rep: Floats, buyer: Floats) -> str:
    """Why the transcript is poor, for the note; empty when the recording holds no lost speech after all."""
    spans = speech_spans(rep, buyer)
    if not _is_poor(spans, words):
        return ""
    return "had no words of yours" if not _of_rep(words) else "was missing much of what you said"


def _is_poor(spans: list[tuple[float, float]], words: list[dict[str, Any]]) -> bool:
    spoken_s = sum(end - start for start, end in spans)
    said = _of_rep(words)
    lost_s = sum(_outside(start, end, said) for start, end in spans)
    if lost_s >= LEAST_LOST_S and lost_s > MOST_LOST_SHARE * spoken_s:
        return True
    count = sum(len(str(u["text"]).split()) for u in said)
    return spoken_s >= LEAST_LOST_S and count < LEAST_WORDS_PER_S * (spoken_s - lost_s)


def _of_rep(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [u for u in words if u["speaker"] == "rep" and str(u["text"]).strip()]


def _outside(start: float, end: float, said: list[dict[str, Any]]) -> float:
    """Seconds of a stretch that no utterance covers."""
    covered = sorted((max(start, u["start"] - AROUND_S), min(end, u["end"] + AROUND_S)) for u in said)
    at, free = start, 0.0
    for begins, ends in covered:
        if ends > at and ends > begins:
            free += max(0.0, begins - at)
            at = max(at, ends)
    return free + max(0.0, end - at)


def _sound(path: str) -> tuple[Floats, Floats]:
    with bucket("recordings").open(path, "rb") as file:
        samples, _rate = soundfile.read(io.BytesIO(file.read()), dtype="float32", always_2d=True)
    return np.ascontiguousarray(samples[:, 0]), np.ascontiguousarray(samples[:, 1])


def _keep(attempt_id: UUID, heard: HeardAgain, why: str) -> str:
    """Store the new transcript, unless the attempt moved on or less was heard than before."""
    with acting_as_service(REASON):
        attempt = Attempt.objects.select_for_update().filter(pk=attempt_id, status="ended").first()
        row = Transcript.objects.filter(attempt_id=attempt_id).first()
        if attempt is None or row is None:
            return ""
        before = [u for u in row.transcript if u["speaker"] not in {h.speaker for h in heard.utterances}]
        new = [u.model_dump(mode="json", exclude_none=True) for u in heard.utterances]
        if _count(new) <= _count(_of_rep(row.transcript)):
            return ""
        branching = BuyerBrief.model_validate(attempt.brief).branching
        row.transcript = tone.as_allowed(_in_order(with_topics_asked([*before, *new], branching)), row.org_id)
        row.save(update_fields=["transcript"])
        note = f"The transcript {why}, so the recording was heard again by {heard.by} before it was scored."
        attempt.notes = [*attempt.notes, note]
        attempt.models_used = {**attempt.models_used, "stt_again": heard.by}
        attempt.save(update_fields=["notes", "models_used", "updated_at"])
    recordings.keep_transcript(attempt, row.transcript)
    return note


def _count(utterances: list[dict[str, Any]]) -> int:
    return sum(len(str(u["text"]).split()) for u in _of_rep(utterances))


def _in_order(utterances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    judge = SentimentIntensityAnalyzer()
    ordered = sorted(utterances, key=lambda u: (u["start"], u["speaker"] != "rep"))
    return [
        {"sentiment": round(judge.polarity_scores(u["text"])["compound"], 4), **u, "i": i}
        for i, u in enumerate(ordered)
    ]
