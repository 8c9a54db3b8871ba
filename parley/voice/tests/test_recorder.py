"""The recording: both sides on one clock."""

from __future__ import annotations

import numpy as np
import pytest

from parley.voice.recorder import RATE, Clock, Recorder


class SetClock(Clock):
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at


class Taped:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.pieces: list[tuple[int, float, bytes]] = []
        self.recorder = Recorder(self.clock, lambda i, start, pcm: self.pieces.append((i, start, pcm)))

    def rep_for(self, seconds: float, level: int = 1000) -> None:
        for _ in range(round(seconds / 0.02)):
            self.clock.at += 0.02
            self.recorder.rep(np.full(int(RATE * 0.02), level, dtype="<i2").tobytes())

    def tracks(self) -> np.ndarray:
        self.recorder.close()
        return np.frombuffer(b"".join(p[2] for p in self.pieces), dtype="<i2").reshape(-1, 2)


def buyer_pcm(seconds: float, level: int = 2000) -> bytes:
    return np.full(int(24_000 * seconds), level, dtype="<i2").tobytes()


@pytest.fixture
def taped() -> Taped:
    return Taped()


def test_the_rep_is_left_and_the_buyer_right(taped: Taped) -> None:
    taped.rep_for(1.0)
    assert taped.recorder.buyer(buyer_pcm(0.5)) == pytest.approx((1.0, 1.5))
    taped.rep_for(1.0, level=0)
    tracks = taped.tracks()
    assert tracks.shape == (2 * RATE, 2)
    assert np.all(tracks[100 : RATE - 100, 0] == 1000)
    assert np.all(np.abs(tracks[RATE + 400 : int(1.45 * RATE), 1] - 2000) < 40)
    assert np.all(tracks[int(1.55 * RATE) :, 1] == 0)


def test_audio_sent_ahead_is_placed_where_it_is_heard(taped: Taped) -> None:
    assert taped.recorder.buyer(buyer_pcm(0.3)) == pytest.approx((0.0, 0.3))
    assert taped.recorder.buyer(buyer_pcm(0.3)) == pytest.approx((0.3, 0.6))


def test_what_was_cut_off_is_not_recorded(taped: Taped) -> None:
    taped.recorder.buyer(buyer_pcm(1.0))
    taped.rep_for(0.4)
    taped.recorder.cut_buyer(0.4)
    taped.rep_for(1.0)
    assert taped.recorder.buyer_until == pytest.approx(0.4)
    assert not taped.tracks()[int(0.41 * RATE) :, 1].any()


def test_a_muted_microphone_leaves_silence(taped: Taped) -> None:
    taped.rep_for(0.5)
    taped.clock.at += 5
    taped.rep_for(0.5)
    tracks = taped.tracks()
    assert len(tracks) == 6 * RATE
    assert not tracks[int(0.6 * RATE) : int(5.4 * RATE), 0].any()
    assert np.all(tracks[int(5.6 * RATE) : int(5.9 * RATE), 0] == 1000)


def test_a_late_burst_is_not_a_gap(taped: Taped) -> None:
    taped.rep_for(0.5)
    taped.clock.at += 1.0
    for _ in range(50):
        taped.recorder.rep(np.full(320, 1000, dtype="<i2").tobytes())
    assert np.all(taped.tracks()[: int(1.4 * RATE), 0] == 1000)


def test_nobody_speaks_faster_than_time(taped: Taped) -> None:
    for _ in range(1000):
        taped.recorder.rep(bytes(640))
    assert taped.recorder.rep(bytes(640)) <= 1.6


def test_pieces_follow_each_other_without_a_gap(taped: Taped) -> None:
    for _ in range(30):
        taped.rep_for(0.5)
        taped.recorder.flush()
    handed_out = len(taped.pieces)
    assert handed_out == 3
    taped.tracks()
    ends = [start + len(pcm) / 4 / RATE for _, start, pcm in taped.pieces]
    assert [start for _, start, _ in taped.pieces[1:]] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(15.0)
    assert all(len(pcm) <= 10 * RATE * 4 for _, _, pcm in taped.pieces)
