"""Spoken lines for a browser's fake microphone."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

RATE = 48_000
LEAD_S = 5.0
"""Silence first: the buyer answers the phone before the rep speaks."""
GAP_S = 9.0
"""Silence between lines: time for the buyer's answer."""


def say_into(path: Path, lines: tuple[str, ...], lead_s: float = LEAD_S) -> Path:
    """Write a 16-bit mono WAV at 48 000 Hz in which the lines are spoken with room for answers. Needs espeak-ng."""
    parts = [_silence(lead_s)]
    for line in lines:
        parts += [_spoken(line), _silence(GAP_S)]
    audio = np.concatenate([*parts, _silence(10 * GAP_S)])
    noise = np.random.default_rng(1).normal(0, 0.0005, len(audio))  # no room is perfectly silent
    noise[: int(0.6 * RATE)] *= 80  # rustling moves the level meter at once; nobody takes it for speech
    sf.write(path, (audio + noise).astype(np.float32), RATE, subtype="PCM_16")
    return path


def _spoken(line: str) -> np.ndarray:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", file.name, line], check=True)
        samples, rate = sf.read(file.name, dtype="float32")
    return np.asarray(soxr.resample(samples, rate, RATE)) * 0.8


def _silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), dtype=np.float32)
