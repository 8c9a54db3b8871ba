"""Stems, synonyms, numbers in words, several questions at once, with and without punctuation."""

from __future__ import annotations

import pytest

from parley.buyer.matcher import Matcher, matcher_for
from parley.buyer.matcher.clauses import cut
from parley.buyer.matcher.words import plain_words
from parley.buyer.remarks import MAX_FALLBACK_SHARE, MIN_ON_TOPIC_SHARE, read_half, run
from parley.scenarios.pack import find_scenario


def _matcher(code: str) -> Matcher:
    return matcher_for(find_scenario(code).branching)


@pytest.mark.parametrize(
    ("spoken", "value"),
    [
        ("six point three seven five", "6.375"),
        ("six and three eighths", "6.375"),
        ("six and a half percent", "6.5"),
        ("seven and a quarter", "7.25"),
        ("one point seven five percent", "1.75"),
        ("four hundred twenty-five thousand", "425000"),
        ("four hundred and twenty five thousand", "425000"),
        ("four twenty five thousand", "425000"),
        ("$425,000", "425000"),
        ("425k", "425000"),
        ("seven sixty-two", "762"),
        ("seven oh five", "705"),
        ("twenty-two forty-six", "2246"),
        ("sixty two hundred", "6200"),
        ("a hundred eighty seven", "187"),
        ("twenty twenty two", "2022"),
        ("6.375%", "6.375"),
    ],
)
def test_numbers_are_read_however_they_are_said(spoken: str, value: str) -> None:
    assert value in plain_words(spoken)


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        (
            "What's the price, how much are you putting down, and when do you close?",
            {"price", "down-payment", "closing-date"},
        ),
        ("whats the purchase price and um how much are you putting down", {"price", "down-payment"}),
        ("do you know your credit score and what do you make a month", {"credit-score", "income"}),
        ("tell me about your job and any debts you have", {"employment", "debts"}),
    ],
)
def test_several_questions_in_one_turn_are_all_understood(line: str, topics: set[str]) -> None:
    assert {t.id for t in _matcher("S01").read(line).of("topic")} == topics


@pytest.mark.parametrize(
    "line",
    [
        "how much are you borrowing",
        "How big a mortgage do you need?",
        "so the loan would be, uh, how large",
        "what amount are you financing",
        "how much will you need to borow",
    ],
)
def test_one_question_in_many_words(line: str) -> None:
    assert _matcher("S01").read(line).has("topic", "loan-amount")


def test_a_question_is_told_from_a_statement() -> None:
    asked, stated = cut("what is your rate"), cut("the rate is six point five")
    assert asked[0].asks
    assert not stated[0].asks


def test_questions_without_punctuation_are_cut_apart() -> None:
    assert len(cut("when do you close and how much are you putting down and what is your score")) == 3


def test_off_topic_questions_are_not_forced_onto_a_topic() -> None:
    for line in ("do you like football", "have you ever been to Spain", "my dog is sick today", "can you spell banana"):
        assert not _matcher("S01").read(line).of("topic"), line


def test_the_remarks_are_two_hundred_and_split_in_half() -> None:
    held, dev = list(read_half("held")), list(read_half("dev"))
    assert len(held) + len(dev) >= 200
    assert len(held) == len(dev)


@pytest.mark.parametrize("half", ["dev", "held"])
def test_the_report_meets_its_marks(half: str) -> None:
    figures, _ = run(half)
    assert figures.on_topic_share >= MIN_ON_TOPIC_SHARE
    assert figures.fallback_share <= MAX_FALLBACK_SHARE
    assert figures.named_the_words
    assert figures.passed


def test_a_question_word_inside_a_statement_asks_nothing() -> None:
    reading = _matcher("S01").read("The rate depends on your score and how long we lock it.")
    assert not reading.of("topic")


def test_an_offer_of_help_is_not_a_question_for_a_fact() -> None:
    assert (
        not _matcher("S01").read("Let me show you what the purchase price does to the payment.").has("topic", "price")
    )
