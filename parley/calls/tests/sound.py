"""Recorded speech for tests of recordings: float32 mono at 16 000 Hz in -1..1."""

from __future__ import annotations

from typing import Any

import numpy as np

from parley.voice.recognise import floats
from parley.voice.tests.conftest import spoken

RATE = 16_000


def rep_sound() -> Any:
    """About ten seconds of a rep, in two turns."""
    quiet = np.zeros(RATE, dtype=np.float32)
    return np.concatenate([quiet, floats(spoken("turn01")), quiet, floats(spoken("turn04")), quiet])


def two_sides() -> Any:
    """The rep speaks on the left, then the customer on the right: an array of two columns."""
    rep, buyer = floats(spoken("turn01")), floats(spoken("turn04"))
    quiet = np.zeros(RATE // 2, dtype=np.float32)
    left = np.concatenate([quiet, rep, quiet, np.zeros_like(buyer), quiet])
    right = np.concatenate([quiet, np.zeros_like(rep), quiet, buyer, quiet])
    return np.stack([left, right], axis=1)
