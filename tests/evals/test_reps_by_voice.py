"""Simulated reps whose calls are spoken and heard again rank as they do in writing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from parley.buyer.asked import with_topics_asked
from parley.calls.voice import voice_settings
from parley.calls.voiced import voice_call
from parley.core.tenancy import acting_as_service
from parley.reps.skill import Level
from parley.scenarios.pack import find_scenario
from parley.scoring.evals import Subject, subject_of_file
from parley.scoring.evals.run import hold_calls
from parley.scoring.evals.spoken import evaluate_by_voice, word_error_rate
from parley.scoring.exemplars import turns_of
from parley.scoring.functions import score_transcripts
from parley.scoring.imports import finish_transcript, read_recording
from parley.voice.channel import load_whisper, transcribe_channel

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("committed_db")]


def heard(subject: Subject, level: Level, folder: Path) -> list[dict[str, Any]]:
    """The transcript that the embedded recogniser makes of a spoken call; nothing of what was written is left."""
    [call] = hold_calls(subject, [(level, 5)])
    voiced = voice_call(turns_of(call), subject.persona.voice)
    file = folder / f"{level}.flac"
    file.write_bytes(voiced.flac)
    sound, model = read_recording(file), load_whisper(voice_settings())
    rep = transcribe_channel(sound.rep, "rep", model=model, other=sound.buyer)
    buyer = transcribe_channel(sound.buyer, "buyer", model=model, other=sound.rep)
    words = finish_transcript([u.model_dump(mode="json", exclude_none=True) for u in (*rep, *buyer)])
    return with_topics_asked(words, subject.branching)


def test_words_misheard_are_counted_by_the_words_said() -> None:
    assert word_error_rate("Hi, this is Dana.", "hi this is dana") == 0
    assert word_error_rate("six and three eighths", "six and three eights now") == 0.5
    assert word_error_rate("", "anything") == 0


def test_a_rep_speaks_with_the_buyer_over_the_live_line_and_is_scored_beside_its_text_twin() -> None:
    subject = subject_of_file(find_scenario("s01"))
    [call] = asyncio.run(evaluate_by_voice(subject, seeds=1, levels=["poor"])).calls
    assert call.spoken is not None
    assert call.text is not None
    assert call.duration_s > 20
    assert call.word_error_rate < 0.5
    assert abs(call.spoken - call.text) <= 25


def test_an_excellent_rep_outranks_a_weak_one_by_voice(tmp_path: Path) -> None:
    subject = subject_of_file(find_scenario("s01"))
    transcripts = [heard(subject, level, tmp_path) for level in ("weak", "excellent")]
    with acting_as_service("a test scores calls"):
        weak, excellent = (score["total"] for _, score in score_transcripts(transcripts, subject.rubric))
    assert excellent >= 80
    assert weak <= 60
