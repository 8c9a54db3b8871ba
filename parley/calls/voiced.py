"""A written call, spoken by the embedded voice: for exemplar calls. The rep on the left, the buyer on the right."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from parley.buyer.brief import VoiceStyle
from parley.calls.recordings import CHANNELS, SAMPLE_RATE
from parley.calls.voice import voice_settings
from parley.voice.lines import LineStore, line_key
from parley.voice.model_files import ModelError, place_of, verify
from parley.voice.models import load_piper
from parley.voice.mouth import be_nice
from parley.voice.speech import RATE_OUT, render

__all__ = ["ModelError", "SpokenTurn", "VoicedCall", "rep_style", "voice_call", "voice_version"]

LOW_REP = VoiceStyle(pace=1.0, pitch=0.94, formants=0.98)
HIGH_REP = VoiceStyle(pace=1.0, pitch=1.6, formants=1.12)
HIGH_BUYER = 1.3
"""From this pitch on the rep speaks low, so that the two are told apart."""
BREATH_S = 0.25
"""Between two sentences of one turn."""


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One turn to be spoken, sentence by sentence, `gap_s` after the turn before."""

    speaker: str
    sentences: Sequence[str]
    gap_s: float


@dataclass(frozen=True, slots=True)
class VoicedCall:
    """The sound as stereo FLAC at 16 000 Hz, and for each turn its words as `{"w", "start", "end"}`."""

    flac: bytes
    duration_s: float
    words: list[list[dict[str, Any]]]


def voice_call(turns: Sequence[SpokenTurn], buyer: VoiceStyle) -> VoicedCall:
    """Speak the turns one after the other, in one low-priority thread. Raises ModelError when there is no voice.

    Blocks for about a fifth of the call's duration. Lines that a buyer has spoken before are taken from the store.
    """
    made: list[VoicedCall] = []
    failed: list[BaseException] = []

    def work() -> None:
        be_nice()
        try:
            made.append(_voiced(turns, _speaker(buyer)))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="voice-call")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return made[0]


def rep_style(buyer: VoiceStyle) -> VoiceStyle:
    """How the rep sounds, told apart from this buyer."""
    return LOW_REP if buyer.pitch >= HIGH_BUYER else HIGH_REP


def voice_version() -> str:
    """The hash of the voice model in use."""
    return next(f.sha256 for f in verify(place_of("piper", voice_settings())) if f.path.suffix == ".onnx")


Speak = Callable[[str, str], npt.NDArray[np.int16]]


def _speaker(buyer: VoiceStyle) -> Speak:
    """Says a sentence as rep or buyer: mono samples at 16 000 Hz."""
    settings = voice_settings()
    place, version = place_of("piper", settings), voice_version()
    # A voice each: which of the buyer's lines are in the store must not change how the rep sounds.
    voices = {speaker: load_piper(place, threads=1) for speaker in ("buyer", "rep")}
    store = LineStore(settings.lines_dir, settings.cache_mb)
    styles = {"buyer": buyer, "rep": rep_style(buyer)}

    def speak(speaker: str, sentence: str) -> npt.NDArray[np.int16]:
        style = styles[speaker]
        pcm = (store.get(line_key(sentence, style, version)) if speaker == "buyer" else None) or render(
            voices[speaker], sentence, style
        )
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768
        resampled = soxr.resample(samples, RATE_OUT, SAMPLE_RATE)
        pcm16: npt.NDArray[np.int16] = (np.clip(resampled, -1, 1) * 32767).astype(np.int16)
        return pcm16

    return speak


def _voiced(turns: Sequence[SpokenTurn], speak: Speak) -> VoicedCall:
    pieces: list[npt.NDArray[np.int16]] = []
    at, words = 0, []
    for turn in turns:
        pieces.append(_silence(turn.gap_s))
        at += len(pieces[-1])
        timed: list[dict[str, Any]] = []
        for n, sentence in enumerate(turn.sentences):
            if n:
                pieces.append(_silence(BREATH_S))
                at += len(pieces[-1])
            sound = speak(turn.speaker, sentence)
            stereo = np.zeros((len(sound), CHANNELS), dtype=np.int16)
            stereo[:, 0 if turn.speaker == "rep" else 1] = sound
            pieces.append(stereo)
            timed += _timed(sentence, at / SAMPLE_RATE, len(sound) / SAMPLE_RATE)
            at += len(sound)
        words.append(timed)
    pieces.append(_silence(0.5))
    whole = np.concatenate(pieces)
    out = io.BytesIO()
    soundfile.write(out, whole, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return VoicedCall(out.getvalue(), round(len(whole) / SAMPLE_RATE, 2), words)


def _silence(seconds: float) -> npt.NDArray[np.int16]:
    return np.zeros((round(seconds * SAMPLE_RATE), CHANNELS), dtype=np.int16)


def _timed(sentence: str, start_s: float, length_s: float) -> list[dict[str, Any]]:
    """The words of a sentence, its time shared out by letters: synthesis does not say when it says what."""
    words = sentence.split()
    letters = sum(len(word) + 1 for word in words)
    clock, timed = start_s, []
    for word in words:
        length = length_s * (len(word) + 1) / letters
        timed.append({"w": word, "start": round(clock, 2), "end": round(clock + length, 2)})
        clock += length
    return timed
