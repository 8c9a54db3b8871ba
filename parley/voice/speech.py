"""A persona's voice: Piper's speech, shaped to pace, pitch and formants. 16-bit mono PCM at 24 000 Hz comes out."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import soxr
from piper import PiperVoice
from piper.config import SynthesisConfig

from parley.buyer.brief import VoiceStyle

RATE_OUT = 24_000
SETTINGS_VERSION = 4
"""Part of the cache key: raise it when the same text and style should sound different."""
SAME_FORMANTS = 0.03
PEAK = 0.7
AUDIBLE = 0.008
FRAME, HOP = 1024, 256
ENVELOPE_QUEFRENCY = 56
"""Cepstrum up to 2.3 ms is the shape of the mouth; above lies the pitch of voices up to about 400 Hz."""
LARGEST_GAIN = 5.0

Floats = npt.NDArray[np.float32]


def render(voice: PiperVoice, text: str, style: VoiceStyle) -> bytes:
    """Speak `text` as the persona would: 16-bit mono PCM at 24 000 Hz.

    Speech that is made slower and then played faster by the same factor keeps its pace and rises in pitch and formants
    together; the formants are then put where the persona has them. Unlike a vocoder this needs no estimate of the
    pitch, which for the bundled voice, low (about 105 Hz) and creaky, is an octave off half of the time.
    """
    length = voice.config.length_scale * style.pitch / style.pace * _whole_frames(style.pitch)
    pieces = [chunk.audio_float_array for chunk in voice.synthesize(text, SynthesisConfig(length_scale=length))]
    if not pieces:
        return b""
    audio = soxr.resample(np.concatenate(pieces), voice.config.sample_rate * style.pitch, RATE_OUT, quality="HQ")
    audio = move_formants(audio.astype(np.float32), style.formants / style.pitch)
    peak = float(np.max(np.abs(audio), initial=1e-6))
    scaled = _without_silence(np.clip(audio * (PEAK / peak), -1.0, 1.0))
    pcm: bytes = (scaled * 32767).astype("<i2").tobytes()
    return pcm


def _without_silence(audio: Floats) -> Floats:
    """Keep 10 ms before the first sound, which somebody waits for, and 150 ms after the last, a breath."""
    loud = np.flatnonzero(np.abs(audio) > AUDIBLE)
    if not len(loud):
        return audio
    return audio[max(0, int(loud[0]) - RATE_OUT // 100) : int(loud[-1]) + RATE_OUT * 15 // 100]


def _whole_frames(slower: float) -> float:
    """Makes up for Piper's rounding every sound up to whole frames of 12 ms, which weighs less in slower speech."""
    return 1 + 0.22 * (1 - 1 / slower)


def move_formants(audio: Floats, factor: float) -> Floats:
    """Stretch the spectral envelope of 24 kHz speech by `factor`, leaving its pitch alone. About 1 % of real time.

    The envelope is the smooth part of the log spectrum (by cepstrum); each frame is multiplied by the envelope it
    should have over the one it has.
    """
    if abs(factor - 1) < SAME_FORMANTS or len(audio) < FRAME:
        return audio
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    count = 1 + (len(audio) + FRAME) // HOP
    padded = np.pad(audio, (FRAME // 2, count * HOP + FRAME // 2 - len(audio)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP][:count] * window
    spectra = np.fft.rfft(frames, axis=1)
    envelope = _envelope(spectra)
    moved = _stretched(envelope, factor)
    spectra *= np.exp(np.clip(moved - envelope, -LARGEST_GAIN, LARGEST_GAIN))
    pieces = np.fft.irfft(spectra, axis=1) * window
    joined = np.zeros(count * HOP + FRAME)
    for number, piece in enumerate(pieces):
        joined[number * HOP : number * HOP + FRAME] += piece
    overlap = float(np.square(window).sum()) / HOP
    return (joined[FRAME // 2 : FRAME // 2 + len(audio)] / overlap).astype(np.float32)


def _envelope(spectra: npt.NDArray[np.complexfloating]) -> npt.NDArray[np.floating]:
    """The log envelope of each frame."""
    cepstrum = np.fft.irfft(np.log(np.abs(spectra) + 1e-5), axis=1)
    cepstrum[:, ENVELOPE_QUEFRENCY : FRAME - ENVELOPE_QUEFRENCY + 1] = 0
    return np.fft.rfft(cepstrum, axis=1).real


def _stretched(envelope: npt.NDArray[np.floating], factor: float) -> npt.NDArray[np.floating]:
    """The envelope with every frequency multiplied by `factor`; beyond what was there it falls off."""
    top = FRAME // 2
    source = np.arange(top + 1) / factor
    below = np.clip(np.floor(source).astype(int), 0, top)
    above = np.clip(below + 1, 0, top)
    share = np.where(source < top, source - np.floor(source), 0.0)
    stretched: npt.NDArray[np.floating] = envelope[:, below] * (1 - share) + envelope[:, above] * share
    return stretched - np.maximum(0.0, source - top) * 0.02


FIRST_CLAUSE_CHARS = 28
SHORTEST_CLAUSE_CHARS = 12
CLAUSE_CHARS = 110


def clauses(text: str) -> list[str]:
    """Cut a sentence where a speaker would breathe, the first piece short so that its sound comes soon.

    Synthesis takes about 2.5 ms per character; 28 characters are ready in 0.1 s.
    """
    pieces = [p for p in re.split(r"(?<=[,;:.!?…—])\s+", text.strip()) if p]
    joined: list[str] = []
    for piece in pieces:
        limit = FIRST_CLAUSE_CHARS if len(joined) <= 1 else CLAUSE_CHARS
        if joined and (len(joined[-1]) < SHORTEST_CLAUSE_CHARS or len(joined[-1]) + len(piece) + 1 <= limit):
            joined[-1] += " " + piece
        else:
            joined.append(piece)
    return joined
