"""Shared by the voice tests: recorded turns and one set of settings. Models and rendered lines are real."""

from __future__ import annotations

from pathlib import Path

import pytest

from parley.voice.client import read_turn
from parley.voice.settings import VoiceSettings
from parley.voice.tests.standins import data_dir

RECORDINGS = Path(__file__).resolve().parents[3] / "benchmarks" / "data"


@pytest.fixture(scope="session")
def settings() -> VoiceSettings:
    return VoiceSettings(data_dir=data_dir(), render_ahead=False)


def spoken(name: str) -> bytes:
    """A recorded turn as the microphone sends it; espeak-ng's voice unless the name says piper."""
    return read_turn(next(RECORDINGS.glob(f"{name}*.flac")))


def text_of(name: str) -> str:
    return next(RECORDINGS.glob(f"{name}*.txt")).read_text().strip()
