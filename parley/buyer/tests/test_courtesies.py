"""Courtesies are answered in the buyer's own words, once, and never instead of a question."""

from __future__ import annotations

from parley.buyer.tests.reps import hold_lines
from parley.scenarios.pack import find_scenario

BRIEF = find_scenario("S01").buyer_brief(seed=3)


def _tags(*lines: str) -> list[list[str]]:
    return [list(dict.fromkeys(t for p in parts for t in p.tags)) for _, parts in hold_lines(BRIEF, lines).turns]


def test_the_introduction_and_the_recording_notice_are_answered() -> None:
    tags = _tags("Hi, my name is Sam with Harbor Home Loans, NMLS 4412. This call is recorded.")[0]
    assert tags == ["small_talk:identity", "small_talk:recording"]


def test_the_recording_notice_is_answered_once() -> None:
    first, second = _tags("This call is recorded.", "As I said, this call is recorded. What is the purchase price?")
    assert "small_talk:recording" in first
    assert second[0] == "topic:price"


def test_a_question_comes_before_courtesy() -> None:
    assert _tags("Thank you, that makes sense. When do you close?")[0] == ["topic:closing-date"]


def test_how_are_you_is_answered() -> None:
    assert "small_talk:how-are-you" in _tags("How are you doing today, Marcus?")[0]


def test_can_you_hear_me_is_answered() -> None:
    assert _tags("Hello, can you hear me okay?")[0][0] == "small_talk:can-you-hear"


def test_who_is_there_is_answered_with_the_name() -> None:
    assert _tags("Am I speaking with Marcus?")[0][0] == "small_talk:name"


def test_a_bare_yes_keeps_the_call_going() -> None:
    assert _tags("Yes.")[0] == ["carry_on"]


def test_an_offer_to_answer_questions_brings_one() -> None:
    assert "carry_on" in _tags("Do you have any questions for me?")[0]


def test_are_you_a_robot_is_taken_with_humour() -> None:
    assert "small_talk:robot" in _tags("Are you a robot?")[0]
