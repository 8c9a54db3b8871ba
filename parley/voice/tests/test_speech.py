"""How a persona sounds, and how rendered lines are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
import pyworld

from parley.buyer.brief import VoiceStyle
from parley.voice.lines import LineStore, line_key
from parley.voice.model_files import place_of
from parley.voice.models import load_piper
from parley.voice.mouth import speak_by_clause
from parley.voice.render import render_lines_now
from parley.voice.settings import VoiceSettings
from parley.voice.speech import RATE_OUT, clauses, render

TEXT = "I already have a quote from another bank."


def fundamental_hz(pcm: bytes) -> float:
    wave = np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768
    f0, times = pyworld.dio(wave, RATE_OUT)
    f0 = pyworld.stonemask(wave, f0, times, RATE_OUT)
    return float(np.median(f0[f0 > 0]))


def test_pitch_and_pace_are_as_asked(settings: VoiceSettings) -> None:
    voice = load_piper(place_of("piper", settings), threads=2)
    plain = render(voice, TEXT, VoiceStyle())
    woman = render(voice, TEXT, VoiceStyle(pitch=1.4, formants=1.15))
    hasty = render(voice, TEXT, VoiceStyle(pace=1.3))
    assert fundamental_hz(woman) / fundamental_hz(plain) == pytest.approx(1.4, rel=0.12)
    assert len(woman) / len(plain) == pytest.approx(1.0, rel=0.15)
    assert len(plain) / len(hasty) == pytest.approx(1.3, rel=0.15)


def test_a_sentence_is_cut_where_one_would_breathe() -> None:
    assert clauses("Well, I already have a quote, and your rate is high.") == [
        "Well, I already have a quote,",
        "and your rate is high.",
    ]
    assert clauses("Yes.") == ["Yes."]
    long = "One, two, three, four, five; six: seven. Eight!"
    assert " ".join(clauses(long)) == long


def test_rendered_lines_are_kept(tmp_path: Path) -> None:
    store = LineStore(tmp_path, 16)
    pcm = (np.sin(np.arange(24_000) / 20) * 8000).astype("<i2").tobytes()
    key = line_key("Hello.", VoiceStyle(), "joe")
    assert store.get(key) is None
    store.put(key, pcm)
    assert LineStore(tmp_path, 16).get(key) == pcm
    assert line_key("Hello.", VoiceStyle(pitch=1.2), "joe") != key
    assert line_key("Hello.", VoiceStyle(), "amy") != key


def test_a_broken_line_is_rendered_again(tmp_path: Path) -> None:
    store = LineStore(tmp_path, 16)
    key = line_key("Hello.", VoiceStyle(), "joe")
    (tmp_path / key[:2]).mkdir()
    (tmp_path / key[:2] / f"{key}.flac").write_bytes(b"fLaC and then nothing")
    assert store.get(key) is None


def test_old_lines_give_way(tmp_path: Path) -> None:
    store = LineStore(tmp_path, 16)
    noise = np.random.default_rng(1).integers(-20_000, 20_000, 24_000 * 200, dtype=np.int16).astype("<i2").tobytes()
    for text in ("a", "b", "c"):
        store.put(line_key(text, VoiceStyle(), "joe"), noise)
    assert store.prune() >= 1
    assert sum(p.stat().st_size for p in tmp_path.glob("??/*.flac")) <= 16_000_000


async def test_a_scenario_can_be_rendered_before_anybody_calls(tmp_path: Path) -> None:
    settings = VoiceSettings(data_dir=tmp_path)
    assert render_lines_now(["Hello there.", "Goodbye."], VoiceStyle(), settings) == 2
    assert render_lines_now(["Hello there.", "Goodbye."], VoiceStyle(), settings) == 0
    assert len(list(settings.lines_dir.glob("??/*.flac"))) == 2


async def test_the_next_clause_is_made_while_one_is_played() -> None:
    class Voice:
        name = "slow"
        made: list[str] = []

        def cached(self, text: str) -> bytes | None:
            return None

        async def speak(self, text: str) -> bytes:
            self.made.append(text)
            return b"\0\0" * 100

        async def render_ahead(self, text: str) -> None: ...

    voice = Voice()
    async for _spoken in speak_by_clause(voice, "First of all I see. Then there is this, and that is all."):
        await asyncio.sleep(0)
        assert len(voice.made) == 2, "the second clause is made while the first is played"
