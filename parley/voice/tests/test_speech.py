"""How a persona sounds, and how rendered lines are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soxr

from parley.buyer.brief import VoiceStyle
from parley.voice.lines import LineStore, line_key
from parley.voice.model_files import place_of
from parley.voice.models import load_piper
from parley.voice.mouth import speak_by_clause
from parley.voice.render import render_lines_now
from parley.voice.settings import VoiceSettings
from parley.voice.speech import RATE_OUT, clauses, move_formants, render

TEXT = (
    "I already have a quote from another bank, and their rate looks better. My wife and I would like to think about it."
)


def pitch_hz(pcm: bytes) -> float:
    """Median fundamental frequency of the voiced parts, by autocorrelation."""
    wave = soxr.resample(np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768, RATE_OUT, 8000)
    found = []
    for start in range(0, len(wave) - 400, 100):
        frame = wave[start : start + 400] - wave[start : start + 400].mean()
        likeness = np.correlate(frame, frame, "full")[399:] / max(1e-9, float(np.square(frame).sum()))
        lag = 8000 // 350 + int(np.argmax(likeness[8000 // 350 : 8000 // 60]))
        if np.square(frame).mean() > 1e-3 and likeness[lag] > 0.5:
            found.append(8000 / lag)
    return float(np.median(found))


def test_a_woman_does_not_speak_with_a_mans_pitch(settings: VoiceSettings) -> None:
    voice = load_piper(place_of("piper", settings), threads=2)
    man = render(voice, TEXT, VoiceStyle())
    woman = render(voice, TEXT, VoiceStyle(pitch=1.75, formants=1.16))
    assert pitch_hz(man) < 130
    assert 150 < pitch_hz(woman) < 260
    assert len(woman) / len(man) == pytest.approx(1.0, rel=0.25)  # Piper never says a sentence twice the same


def test_a_line_begins_at_once(settings: VoiceSettings) -> None:
    voice = load_piper(place_of("piper", settings), threads=2)
    pcm = np.frombuffer(render(voice, "Yes, I think so.", VoiceStyle()), dtype="<i2")
    first_loud = int(np.flatnonzero(np.abs(pcm.astype(int)) > 300)[0])
    assert first_loud < RATE_OUT * 0.02


def test_pace_is_as_asked(settings: VoiceSettings) -> None:
    voice = load_piper(place_of("piper", settings), threads=2)
    plain, hasty = render(voice, TEXT, VoiceStyle()), render(voice, TEXT, VoiceStyle(pace=1.3))
    assert len(plain) / len(hasty) == pytest.approx(1.3, rel=0.2)


@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_formants_move_and_pitch_stays(factor: float) -> None:
    """A buzz at 200 Hz with one formant at 2000 Hz."""
    times = np.arange(RATE_OUT) / RATE_OUT
    tones = [np.exp(-(((n * 200 - 2000) / 500) ** 2)) * np.sin(2 * np.pi * 200 * n * times) for n in range(1, 40)]
    buzz = (np.sum(tones, axis=0) * 0.1).astype(np.float32)
    moved = move_formants(buzz, factor)
    power = np.abs(np.fft.rfft(moved)) ** 2
    assert len(moved) == len(buzz)
    assert int(np.argmax(power)) % 200 in {0, 1, 199}
    assert abs(int(np.argmax(power)) - 2000 * factor) <= 250
    assert move_formants(buzz, 1.01) is buzz


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
