"""Recognition of recorded speech with the real model."""

from __future__ import annotations

import numpy as np
import pytest

from parley.voice.models import VoiceModels
from parley.voice.recognise import floats
from parley.voice.repeats import collapse_repeats, repeats_itself, without_second_beginning
from parley.voice.settings import VoiceSettings
from parley.voice.tests.conftest import spoken, text_of
from parley.voice.turns import words_of
from parley.voice.whisper import is_noise, transcribe_carefully, transcribe_short


@pytest.fixture(scope="module")
def models(settings: VoiceSettings) -> VoiceModels:
    return VoiceModels.load(settings)


def missing(expected: str, heard: str) -> list[str]:
    """Words said but not heard."""
    return [w for w in words_of(expected) if w not in words_of(heard)]


@pytest.mark.parametrize("name", ["turn02", "turn03", "turn07", "turn08", "turn10", "turn11"])
def test_it_hears_what_was_said(models: VoiceModels, name: str) -> None:
    heard = transcribe_short(models.whisper, floats(spoken(name)))
    assert len(missing(text_of(name), heard.text)) <= 1, heard.text


def test_it_keeps_the_fillers(models: VoiceModels) -> None:
    heard = words_of(transcribe_carefully(models.whisper, floats(spoken("fillers"))).text)
    assert sum(w in {"um", "uh", "uhm"} for w in heard) >= 2, heard


def test_every_word_has_its_time(models: VoiceModels) -> None:
    audio = floats(spoken("turn11"))
    heard = transcribe_carefully(models.whisper, audio)
    assert [w for w, _, _ in heard.words] == heard.text.split()
    starts = [start for _, start, _ in heard.words]
    assert starts == sorted(starts)
    assert starts[0] >= 0
    assert heard.words[-1][2] <= len(audio) / 16_000 + 0.01


@pytest.mark.parametrize("level", [0.005, 0.03, 0.1])
def test_noise_holds_no_words(models: VoiceModels, level: float) -> None:
    noise = np.random.default_rng(1).normal(0, level, 32_000).astype(np.float32)
    assert transcribe_short(models.whisper, noise).text == ""


def test_a_looping_decoder_is_cut() -> None:
    assert collapse_repeats("Yes. Yes. Yes. Yes. Yes. Yes. Yes. Yes.", 0.7) == "Yes."
    assert collapse_repeats("How long do you plan? How long do you plan?", 0.9) == "How long do you plan?"


def test_a_decoder_that_begins_again_is_cut() -> None:
    text = "Great, I will call you tomorrow at 10 in the morning."
    assert collapse_repeats(f"{text} Great, I will", 2.9) == text


def test_a_second_beginning_is_cut_in_a_live_call() -> None:
    text = "Let me make sure that I understand. Let me make sure that"
    assert without_second_beginning(text) == "Let me make sure that I understand."
    assert without_second_beginning("Thank you. I do thank you.") == "Thank you. I do thank you."


def test_what_a_person_repeats_is_kept() -> None:
    assert collapse_repeats("No. No, I understand the rate.", 3.0) == "No. No, I understand the rate."


@pytest.mark.parametrize(
    "text",
    [
        "I ask you a few questions first. I ask you a few questions first.",
        "Sorry. Sorry. Sorry.",
        "The closing costs are high. Um, well, the closing costs are high.",
    ],
)
def test_a_decoder_that_may_be_looping_is_noticed(text: str) -> None:
    assert repeats_itself(text)


@pytest.mark.parametrize(
    "text", ["No. No, I understand.", "Um, so, uh, um, yes.", "We lock the rate and you lock the door."]
)
def test_ordinary_speech_is_not_taken_for_a_loop(text: str) -> None:
    assert not repeats_itself(text)


def test_what_was_said_once_is_written_once(models: VoiceModels) -> None:
    """Cut out of a turn like this, the decoder alone writes the sentence twice."""
    audio = floats(spoken("turn06"))[: int(1.9 * 16_000)]
    for begin in (0, 3_200, 6_400):
        heard = transcribe_carefully(models.whisper, audio[begin:])
        assert not repeats_itself(heard.text), heard.text


def test_clear_speech_is_heard_with_confidence(models: VoiceModels) -> None:
    clear = floats(spoken("turn03"))
    noise = np.random.default_rng(3).normal(0, 0.12, len(clear)).astype(np.float32)
    sure = transcribe_carefully(models.whisper, clear).confidence
    assert sure > 0.8
    assert transcribe_carefully(models.whisper, clear + noise).confidence < sure - 0.1


@pytest.mark.parametrize("text", ["", "...", "[MUSIC]", "(breathing)", "♪♪"])
def test_noise_marks_are_no_words(text: str) -> None:
    assert is_noise(text)
