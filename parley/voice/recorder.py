"""The recording: both sides on one clock, 16-bit stereo PCM at 16 000 Hz, left rep, right buyer.

The rep's audio is placed as it arrives, the buyer's where it is heard: one after another, never before now, and cut
where the rep took the floor. Pieces are handed out once nothing can change them any more.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import soxr

from parley.voice.speech import RATE_OUT

RATE = 16_000
SEGMENT_S = 4.0
"""Length of the pieces handed out, well within the 10 s that a sink must take: a killed process loses less."""
SETTLED_S = 0.6
"""Audio older than this does not change: late packets have come, and at most 0.3 s is sent ahead of being heard."""
GAP_S = 2.0
LAG_S = 0.25
AHEAD_S = 1.5

Samples = npt.NDArray[np.int16]
KeepSegment = Callable[[int, float, bytes], None]


class Clock:
    """Seconds since the call began; a call taken over from another process goes on from where it was."""

    def __init__(self, resumed_at_s: float = 0.0) -> None:
        self._zero = time.monotonic() - resumed_at_s

    def now(self) -> float:
        return time.monotonic() - self._zero


class Recorder:
    """One call's recording. `keep(index, start_s, pcm)` receives every settled piece, in order and without gaps."""

    def __init__(self, clock: Clock, keep: KeepSegment, *, first_index: int = 0) -> None:
        self._clock = clock
        self._keep = keep
        self._index = first_index
        self._base = int(clock.now() * RATE)
        self._tracks = np.zeros((2, int(SEGMENT_S * RATE) * 4), dtype=np.int16)
        self._rep_at = self._base
        self._buyer_at = self._base
        self._lags: deque[tuple[int, int]] = deque()
        self._down = soxr.ResampleStream(RATE_OUT, RATE, 1, dtype="int16")

    def rep(self, pcm: bytes) -> float:
        """Place microphone audio that has just arrived (mono, 16 000 Hz). Returns the time at which it ends.

        Silence is put in for a gap (a muted or lost microphone) but not for a late burst, whose audio still comes.
        Audio that runs more than 1.5 s ahead of the clock is dropped: nobody speaks faster than time.
        """
        samples = np.frombuffer(pcm, dtype="<i2")
        now = int(self._clock.now() * RATE)
        lag = now - (self._rep_at + len(samples))
        if lag > GAP_S * RATE:
            self._rep_at += lag
            self._lags.clear()
        else:
            self._catch_up(lag, now)
        if self._rep_at + len(samples) > now + AHEAD_S * RATE:
            return self._rep_at / RATE
        self._write(0, self._rep_at, samples)
        self._rep_at += len(samples)
        return self._rep_at / RATE

    def _catch_up(self, lag: int, now: int) -> None:
        """Insert silence when the microphone has stayed behind the clock for half a second; a burst catches up."""
        self._lags.append((now, lag))
        while self._lags[0][0] < now - RATE // 2:
            self._lags.popleft()
        least = min(lag for _, lag in self._lags)
        if least > LAG_S * RATE and now - self._lags[0][0] > RATE * 0.4:
            self._rep_at += least
            self._lags.clear()

    def buyer(self, pcm: bytes) -> tuple[float, float]:
        """Place buyer audio that has just been sent (mono, 24 000 Hz). Returns when it is heard: start and end."""
        start = max(self._buyer_at, int(self._clock.now() * RATE))
        samples = self._down.resample_chunk(np.frombuffer(pcm, dtype="<i2"))
        self._write(1, start, samples)
        self._buyer_at = start + len(pcm) * RATE // (2 * RATE_OUT)
        return start / RATE, self._buyer_at / RATE

    @property
    def buyer_until(self) -> float:
        """When the audio sent so far has all been heard."""
        return self._buyer_at / RATE

    def cut_buyer(self, at_s: float) -> None:
        """Forget the buyer's audio after `at_s`: it was sent, but the rep took the floor before it was heard."""
        first = max(0, int(at_s * RATE) - self._base)
        self._tracks[1, first:] = 0
        self._buyer_at = min(self._buyer_at, int(at_s * RATE))
        self._down = soxr.ResampleStream(RATE_OUT, RATE, 1, dtype="int16")

    def _write(self, side: int, at: int, samples: Samples) -> None:
        first = at - self._base
        if first < 0:
            samples, first = samples[-first:], 0
        end = first + len(samples)
        if end > self._tracks.shape[1]:
            grown = np.zeros((2, max(end, self._tracks.shape[1] * 2)), dtype=np.int16)
            grown[:, : self._tracks.shape[1]] = self._tracks
            self._tracks = grown
        self._tracks[side, first:end] = samples

    def flush(self) -> None:
        """Hand out what has settled. Called about every half second."""
        settled = int((self._clock.now() - SETTLED_S) * RATE)
        while settled - self._base >= SEGMENT_S * RATE:
            self._hand_out(int(SEGMENT_S * RATE))

    def close(self) -> float:
        """Hand out the rest. Returns the length of the recording: up to now, or to the end of the last sound."""
        end = max(int(self._clock.now() * RATE), self._rep_at)
        while end - self._base > 0:
            self._hand_out(min(int(SEGMENT_S * RATE), end - self._base))
        return end / RATE

    def _hand_out(self, length: int) -> None:
        self._write(0, self._base + length, np.zeros(0, dtype=np.int16))
        piece = self._tracks[:, :length]
        self._keep(self._index, self._base / RATE, piece.T.tobytes())
        rest = self._tracks[:, length:]
        self._tracks = np.zeros_like(self._tracks)
        self._tracks[:, : rest.shape[1]] = rest
        self._index += 1
        self._base += length
