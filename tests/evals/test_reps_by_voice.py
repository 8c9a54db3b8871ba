"""Simulated reps whose calls are spoken and heard again rank as they do in writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parley.calls.voice import voice_settings
from parley.calls.voiced import voice_call
from parley.core.tenancy import acting_as_service
from parley.reps.skill import Level
from parley.scenarios.pack import find_scenario
from parley.scoring.evals import Subject, subject_of_file
from parley.scoring.evals.run import hold_calls
from parley.scoring.exemplars import turns_of
from parley.scoring.functions import score_transcripts
from parley.scoring.imports import finish_transcript, read_recording
from parley.voice.channel import load_whisper, transcribe_channel

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def heard(subject: Subject, level: Level, folder: Path) -> list[dict[str, Any]]:
    """The transcript that the embedded recogniser makes of a spoken call; nothing of what was written is left."""
    [call] = hold_calls(subject, [(level, 5)])
    voiced = voice_call(turns_of(call), subject.persona.voice)
    file = folder / f"{level}.flac"
    file.write_bytes(voiced.flac)
    sound, model = read_recording(file), load_whisper(voice_settings())
    rep = transcribe_channel(sound.rep, "rep", model=model, other=sound.buyer)
    buyer = transcribe_channel(sound.buyer, "buyer", model=model, other=sound.rep)
    return finish_transcript([u.model_dump(mode="json", exclude_none=True) for u in (*rep, *buyer)])


def test_an_excellent_rep_outranks_a_weak_one_by_voice(tmp_path: Path) -> None:
    subject = subject_of_file(find_scenario("s01"))
    transcripts = [heard(subject, level, tmp_path) for level in ("weak", "excellent")]
    with acting_as_service("a test scores calls"):
        weak, excellent = (score["total"] for _, score in score_transcripts(transcripts, subject.rubric))
    assert excellent >= 80
    assert weak <= 60
