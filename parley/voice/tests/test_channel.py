"""A finished recording becomes utterances, channel by channel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from parley.voice.channel import load_whisper, transcribe_channel
from parley.voice.recognise import floats
from parley.voice.settings import VoiceSettings
from parley.voice.tests.conftest import spoken
from parley.voice.whisper import RATE

Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def channel() -> Floats:
    """Two turns with two seconds of silence around each."""
    quiet = np.zeros(2 * RATE, dtype=np.float32)
    return np.concatenate([quiet, floats(spoken("turn01")), quiet, floats(spoken("turn04")), quiet])


def test_each_stretch_of_speech_becomes_an_utterance_with_its_times(settings: VoiceSettings, channel: Floats) -> None:
    seen: list[float] = []
    first, second = transcribe_channel(channel, "rep", model=load_whisper(settings), on_progress=seen.append)
    assert "Marcus" in first.text
    assert "rate" in second.text
    assert first.start == pytest.approx(2, abs=0.4)
    assert second.start == pytest.approx(4 + len(floats(spoken("turn01"))) / RATE, abs=0.4)
    assert first.words is not None
    assert len(first.words) == len(first.text.split())
    assert all(a.end <= b.end for a, b in zip(first.words, first.words[1:], strict=False))
    assert seen[-1] == 1.0


def test_speech_that_leaks_from_the_other_side_is_left_out(settings: VoiceSettings, channel: Floats) -> None:
    model = load_whisper(settings)
    assert transcribe_channel(channel * np.float32(0.05), "buyer", model=model, other=channel) == []


def test_silence_holds_no_utterance(settings: VoiceSettings) -> None:
    assert transcribe_channel(np.zeros(3 * RATE, dtype=np.float32), "rep", model=load_whisper(settings)) == []
