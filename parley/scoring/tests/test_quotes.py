"""Whoever is quoted said it: exactly, or the quote becomes what was said, or it is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.scoring.feedback.quotes import find_quote
from parley.scoring.tests.calls import GOOD
from parley.scoring.tests.conftest import said

CALL = said(*GOOD)


def test_an_exact_quote_has_its_utterance_characters_and_milliseconds() -> None:
    found = find_quote(CALL, "What would you compare it with?", near=4)
    assert found is not None
    text = CALL[4]["text"]
    assert found.chars is not None
    assert text[slice(*found.chars)] == found.quote == "What would you compare it with?"
    assert found.i == 4
    assert 20_800 < found.start_ms < found.end_ms <= 26_000


def test_a_wrong_utterance_number_is_put_right() -> None:
    found = find_quote(CALL, "And what worries you most about this purchase?", near=2)
    assert found is not None
    assert found.i == 10


def test_marks_and_capitals_do_not_matter_and_come_back_as_they_were() -> None:
    found = find_quote(CALL, "makes sense with twenty percent down we’re at 6.375% today", near=6)
    assert found is not None
    assert found.quote == "Makes sense. With twenty percent down we're at 6.375% today"


def test_a_quote_with_one_word_altered_becomes_what_was_said() -> None:
    found = find_quote(CALL, "And what worries you most about this house?", near=10)
    assert found is not None
    assert found.quote == "And what worries you most about this purchase?"


@pytest.mark.parametrize(
    "quote",
    [
        "I can promise a rate before it's locked",  # the negation is gone
        "With twenty percent down we're at 5.375% today",  # another figure
        "With thirty percent down we're at something else entirely",
        "You will never find a better lender than us",  # never said
        "compare nothing",
        "",
        "?!",
    ],
)
def test_a_quote_that_says_something_else_is_dropped(quote: str) -> None:
    assert find_quote(CALL, quote, near=12) is None


def test_times_come_from_the_recognised_words_where_there_are_some() -> None:
    words = [{"w": w, "start": 1.0 + n, "end": 1.4 + n} for n, w in enumerate(["So", "what", "matters", "most"])]
    call = [{"i": 0, "speaker": "rep", "start": 1.0, "end": 9.0, "text": "So, what matters most?", "words": words}]
    found = find_quote(call, "what matters most", near=0)
    assert found is not None
    assert (found.quote, found.start_ms, found.end_ms) == ("what matters most?", 2000, 4400)


@given(st.integers(0, len(CALL) - 1), st.integers(0, 400), st.integers(1, 400), st.text(max_size=8))
def test_whatever_is_found_stands_in_its_utterance(i: int, start: int, length: int, noise: str) -> None:
    text = CALL[i]["text"]
    found = find_quote(CALL, text[start : start + length] + noise, near=i)
    if found is not None:
        utterance = CALL[found.i]
        assert found.quote in utterance["text"]
        assert utterance["start"] * 1000 - 1 <= found.start_ms <= found.end_ms <= utterance["end"] * 1000 + 1
