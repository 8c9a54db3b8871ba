"""One channel of a finished recording as utterances: speech found by Silero, words by the careful Whisper pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps

from parley.voice.contracts import Speaker, Utterance, Word
from parley.voice.model_files import place_of, verify
from parley.voice.settings import VoiceSettings
from parley.voice.transcript import marked_where_unclear
from parley.voice.whisper import RATE, Heard, transcribe_carefully

Floats = npt.NDArray[np.float32]

PAUSE_MS = 700
"""A silence this long ends an utterance."""
LONGEST_S = 28.0
LEAK = 0.1
"""Speech 20 dB below the other channel at the same time leaked over from it."""


def load_whisper(settings: VoiceSettings) -> WhisperModel:
    """The recogniser alone, its files verified. Raises ModelError."""
    place = place_of("whisper", settings)
    verify(place)
    return WhisperModel(
        str(place.folder), device="cpu", compute_type="int8", cpu_threads=settings.threads, local_files_only=True
    )


def transcribe_channel(
    pcm16k: Floats,
    speaker: Speaker,
    *,
    model: WhisperModel,
    other: Floats | None = None,
    on_progress: Callable[[float], None] = lambda share: None,
) -> list[Utterance]:
    """The utterances of one speaker, ordered by start, with word times; empty when nobody speaks.

    `pcm16k` is float32 mono at 16 000 Hz in -1..1; `other` is the other channel, whose leaking speech is left out.
    """
    spans = get_speech_timestamps(
        pcm16k,
        VadOptions(min_silence_duration_ms=PAUSE_MS, max_speech_duration_s=LONGEST_S, speech_pad_ms=120),
        sampling_rate=RATE,
    )
    found: list[Utterance] = []
    for n, span in enumerate(spans):
        begin, end = int(span["start"]), int(span["end"])
        if not _leaked(pcm16k[begin:end], None if other is None else other[begin:end]):
            heard = transcribe_carefully(model, pcm16k[begin:end])
            if heard.text:
                found.append(_utterance(len(found), speaker, heard, begin / RATE, end / RATE))
        on_progress((n + 1) / len(spans))
    return found


def _leaked(own: Floats, other: Floats | None) -> bool:
    return other is not None and _loudness(own) < LEAK * _loudness(other)


def _loudness(audio: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(audio)))) if len(audio) else 0.0


def _utterance(i: int, speaker: Speaker, heard: Heard, start_s: float, end_s: float) -> Utterance:
    timed = [Word(w=w, start=round(start_s + a, 3), end=round(start_s + b, 3)) for w, a, b in heard.words]
    utterance = Utterance(
        i=i,
        speaker=speaker,
        start=timed[0].start if timed else round(start_s, 3),
        end=timed[-1].end if timed else round(end_s, 3),
        text=heard.text,
        words=timed or None,
        confidence=round(heard.confidence, 3),
        source="import",
    )
    return marked_where_unclear(utterance)
