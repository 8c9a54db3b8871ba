"""Where the sound is in a piece of audio: float32 mono at 16 000 Hz."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
RATE = 16_000
WINDOW = RATE // 50


def _loud(audio: Floats) -> npt.NDArray[np.intp]:
    """Numbers of the 20 ms windows that stand out: above a tenth of the loudest and thrice the quietest fifth."""
    if len(audio) < WINDOW * 5:
        return np.arange(max(1, len(audio) // WINDOW))
    levels = np.sqrt(np.square(audio[: len(audio) // WINDOW * WINDOW].reshape(-1, WINDOW)).mean(axis=1))
    threshold = max(
        0.1 * float(np.percentile(levels, 95)), min(3 * float(np.percentile(levels, 20)), float(levels.max()))
    )
    return np.flatnonzero(levels >= threshold)


def onset_s(audio: Floats) -> float:
    """Seconds until the first sound."""
    loud = _loud(audio)
    return float(loud[0]) * WINDOW / RATE if len(loud) else 0.0


def sounding_s(audio: Floats) -> float:
    """Seconds from the first sound to the end of the last."""
    loud = _loud(audio)
    return float(loud[-1] - loud[0] + 1) * WINDOW / RATE if len(loud) else 0.0
