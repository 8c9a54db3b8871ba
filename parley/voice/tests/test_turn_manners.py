"""When a turn is over, and who has the floor."""

from __future__ import annotations

import pytest

from parley.voice.turns import LONGEST_PAUSE_S, SHORTEST_PAUSE_S, is_back_channel, pause_before_reply, words_heard


@pytest.mark.parametrize("text", ["Yeah.", "Mm-hm.", "Okay, sure.", "I see.", "Right, right.", "Uh-huh.", "Here."])
def test_it_hears_a_back_channel(text: str) -> None:
    assert is_back_channel(text)


@pytest.mark.parametrize(
    "text", ["Wait.", "No.", "Sorry, hold on.", "Can I ask something?", "Yeah but no.", "What about fees?"]
)
def test_it_hears_a_claim_to_the_floor(text: str) -> None:
    assert not is_back_channel(text)


def test_a_question_is_answered_at_once() -> None:
    assert pause_before_reply("What rate were you quoted?", 0.02) == 0


def test_a_finished_sentence_is_answered_at_once() -> None:
    assert pause_before_reply("The rate is six percent.", 0.9) == 0


def test_doubt_about_the_end_waits_longer() -> None:
    sure, unsure = pause_before_reply("I can do that.", 0.45), pause_before_reply("I can do that.", 0.05)
    assert SHORTEST_PAUSE_S < sure < unsure < LONGEST_PAUSE_S


@pytest.mark.parametrize("text", ["The rate is six percent and", "So,", "Um.", "Hi.", "Because I want to"])
def test_a_hanging_sentence_waits_longest(text: str) -> None:
    assert pause_before_reply(text, 0.99) == LONGEST_PAUSE_S


def test_one_word_gets_a_moment() -> None:
    assert pause_before_reply("Yes.", 0.99) == SHORTEST_PAUSE_S


def test_words_are_heard_as_far_as_the_sound_went() -> None:
    text = "I already have a quote from another bank."
    assert words_heard(text, 0.0) == ""
    assert words_heard(text, 1.0) == text
    assert words_heard(text, 0.5) == "I already have a"
    assert text.startswith(words_heard(text, 0.77))
