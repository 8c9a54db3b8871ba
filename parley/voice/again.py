"""A finished recording heard again, both sides: by Deepgram in one request where there is a key, else by Whisper."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import soundfile
import structlog
from faster_whisper.vad import VadOptions, get_speech_timestamps

from parley.voice.channel import LEAK, load_whisper, transcribe_channel
from parley.voice.contracts import Speaker, Utterance, Word
from parley.voice.settings import VoiceSettings
from parley.voice.whisper import RATE

log = structlog.get_logger(__name__)
Floats = npt.NDArray[np.float32]
SIDES: tuple[Speaker, Speaker] = ("rep", "buyer")
BATCH_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class HeardAgain:
    """What was heard, by whom."""

    utterances: list[Utterance]
    """By start, then rep first, numbered from 0; `source` is `pass`."""
    by: str
    """Name of the recogniser for the attempt's notes."""


def speech_spans(own: Floats, other: Floats) -> list[tuple[float, float]]:
    """Where somebody speaks on a channel, in seconds, without what leaks over from the other one.

    Both are float32 mono at 16 000 Hz in -1..1.
    """
    spans = get_speech_timestamps(own, VadOptions(min_silence_duration_ms=500), sampling_rate=RATE)
    found = [(int(span["start"]), int(span["end"])) for span in spans]
    return [(a / RATE, b / RATE) for a, b in found if _loudness(own[a:b]) >= LEAK * _loudness(other[a:b])]


def hear_again(
    rep: Floats,
    buyer: Floats,
    settings: VoiceSettings,
    *,
    sides: Sequence[Speaker] = SIDES,
    on_progress: Callable[[float], None] = lambda share: None,
) -> HeardAgain:
    """The words of a recording on these sides. Raises ModelError when there is no recogniser at all.

    `on_progress` is told the share done, 0..1, as Whisper works; Deepgram answers in one piece.
    """
    if settings.deepgram_api_key is not None:
        try:
            heard = _by_deepgram(rep, buyer, settings)
            return HeardAgain(_numbered(u for u in heard if u.speaker in sides), f"Deepgram {settings.deepgram_model}")
        except (httpx.HTTPError, LookupError, ValueError, TypeError) as error:
            log.warning("Deepgram did not answer; the embedded recogniser hears the recording", error=repr(error))
    model = load_whisper(settings)
    channels = {"rep": (rep, buyer), "buyer": (buyer, rep)}
    found = [
        utterance
        for n, side in enumerate(sides)
        for utterance in transcribe_channel(
            channels[side][0],
            side,
            model=model,
            other=channels[side][1],
            on_progress=lambda share, n=n: on_progress((n + share) / len(sides)),  # type: ignore[misc]
        )
    ]
    return HeardAgain(_numbered(found), "the embedded Whisper")


def _by_deepgram(rep: Floats, buyer: Floats, settings: VoiceSettings) -> list[Utterance]:
    """Deepgram's pre-recorded endpoint with one channel for each side."""
    assert settings.deepgram_api_key is not None
    sound = io.BytesIO()
    stereo = np.clip(np.stack([rep, buyer], axis=1), -1, 1)
    soundfile.write(sound, stereo, RATE, format="FLAC", subtype="PCM_16")
    answer = httpx.post(
        f"{settings.deepgram_url.rstrip('/')}/v1/listen",
        params={
            "model": settings.deepgram_model,
            "language": "en",
            "punctuate": "true",
            "filler_words": "true",
            "multichannel": "true",
            "utterances": "true",
            "utt_split": "0.7",
        },
        headers={
            "Authorization": f"Token {settings.deepgram_api_key.get_secret_value()}",
            "Content-Type": "audio/flac",
        },
        content=sound.getvalue(),
        timeout=BATCH_WITHIN_S,
    )
    answer.raise_for_status()
    return [_from_deepgram(said) for said in answer.json()["results"]["utterances"] if said["transcript"].strip()]


def _from_deepgram(said: dict[str, Any]) -> Utterance:
    words = [
        Word(w=w.get("punctuated_word") or w["word"], start=round(w["start"], 3), end=round(w["end"], 3))
        for w in said["words"]
    ]
    return Utterance(
        i=0,
        speaker=SIDES[int(said["channel"])],
        start=round(float(said["start"]), 3),
        end=round(float(said["end"]), 3),
        text=str(said["transcript"]).strip(),
        words=words or None,
    )


def _numbered(utterances: Any) -> list[Utterance]:
    ordered = sorted(utterances, key=lambda u: (u.start, u.speaker != "rep"))
    return [u.model_copy(update={"i": i, "source": "pass"}) for i, u in enumerate(ordered)]


def _loudness(audio: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(audio)))) if len(audio) else 0.0
