"""Phrases that must be said, phrases that must not, and the compliance checks that they decide."""

from __future__ import annotations

from typing import Any

import pytest

from parley.scoring.tests.conftest import Kpis, said

APR = {
    "id": "apr", "label": "APR with rate", "say": ["annual percentage rate", "APR"],
    "within": "same_answer", "when": "rate_mentioned",
}  # fmt: skip
GUARANTEE = {
    "id": "guarantee", "label": "Guarantees", "severity": "fail", "questions": False,
    "unless": ["once you are approved"],
    "say": ["guarantee", "guaranteed", "you are approved"],
}  # fmt: skip
RULES = [
    {"id": "C06", "label": "APR", "severity": "major", "twice": "fail", "phrase": "apr"},
    {"id": "C09", "label": "No guarantee", "severity": "fail", "forbidden": ["guarantee"]},
]


def check(kpis: Kpis, *sentences: str, rubric: dict[str, Any] | None = None) -> dict[str, Any]:
    turns = [("r", 10 * n, 10 * n + 5, text) for n, text in enumerate(sentences)]
    buyer = [("b", 10 * n + 6, 10 * n + 9, "I understand what you say there.") for n in range(len(sentences))]
    transcript = said(*sorted([*turns, *buyer], key=lambda turn: turn[1]))
    return kpis(transcript, rubric or {"phrases": [APR], "forbidden": [GUARANTEE], "compliance": RULES})


@pytest.mark.parametrize(
    "text",
    [
        "That is guaranteed.",
        "I guarantee you'll close on time.",
        "Congratulations, you're approved!",
        "Don't worry, you're approved.",
        "No problem, that's guaranteed.",
        "I can't say more, but it is guaranteed.",
        "It's not only cheap, it's guaranteed.",
        "It's guaranteed, okay?",
    ],
)
def test_a_guarantee_is_flagged(kpis: Kpis, text: str) -> None:
    found = check(kpis, text)
    assert found["forbidden"] == [{"id": "guarantee", "found": True, "at": [0]}]
    assert found["compliance"][1] == {"id": "C09", "outcome": "fail", "severity": "fail", "at": [0]}
    assert found["evidence"]["compliance:C09"][0]["i"] == 0


def test_words_that_were_heard_unclearly_are_not_held_against_the_rep(kpis: Kpis) -> None:
    hello = {"id": "hello", "label": "Says the company's name", "say": ["Northgate Home Loans"]}
    rubric = {"phrases": [hello], "forbidden": [GUARANTEE], "compliance": RULES[1:]}
    call = said(
        ("r", 0, 5, "I work for the north gate alone, that is guaranteed."), ("b", 6, 9, "I see what you mean.")
    )
    strict = kpis(call, rubric)
    assert strict["phrases"][0]["found"] is False
    assert strict["compliance"][0]["outcome"] == "fail"
    call[0]["tags"] = ["unclear"]
    mild = kpis(call, rubric)
    assert mild["phrases"][0]["found"] is None
    assert mild["forbidden"][0]["found"] is False
    assert mild["compliance"][0]["outcome"] == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "I can't guarantee that.",
        "Nobody can guarantee a rate.",
        "There is no guarantee.",
        "I would never tell you it is guaranteed.",
        "It isn't guaranteed until it is locked.",
        "Once you're approved we order the appraisal.",
        "Are the extra hours guaranteed?",
        "So did they guarantee the rate?",
    ],
)
def test_a_negated_or_excused_guarantee_is_not(kpis: Kpis, text: str) -> None:
    found = check(kpis, text)
    assert found["forbidden"][0]["found"] is False
    assert found["compliance"][1]["outcome"] == "pass"


def test_the_buyers_words_are_not_the_reps(kpis: Kpis) -> None:
    rubric = {"forbidden": [GUARANTEE], "phrases": [{"id": "nmls", "label": "NMLS", "say": ["NMLS"]}]}
    found = kpis(said(("b", 0, 5, "Is it guaranteed? What is your NMLS?"), ("r", 6, 9, "Let me see.")), rubric)
    assert found["forbidden"][0]["found"] is False
    assert found["phrases"][0]["found"] is False


@pytest.mark.parametrize(
    "text",
    [
        "Today we're at 6.375%.",
        "The rate is six and a quarter.",
        "It would be six point five percent on a thirty-year fixed.",
        "Our rate today is seven percent.",
        "Would a rate of 6.375% work for you?",
    ],
)
def test_a_bare_rate_fails_and_twice_it_fails_gravely(kpis: Kpis, text: str) -> None:
    once = check(kpis, text)
    assert once["phrases"] == [{"id": "apr", "found": False, "at": [], "missed_at": [0]}]
    assert once["compliance"][0] == {"id": "C06", "outcome": "fail", "severity": "major", "at": [0]}
    twice = check(kpis, text, "Sure.", text)
    assert twice["compliance"][0] == {"id": "C06", "outcome": "fail", "severity": "fail", "at": [0, 4]}


def test_a_rate_with_its_apr_in_the_same_answer_passes(kpis: Kpis) -> None:
    found = check(kpis, "Today we're at 6.375%. The APR is 6.52.")
    assert found["phrases"][0]["found"] is True
    assert found["compliance"][0]["outcome"] == "pass"


def test_the_apr_in_the_next_answer_is_too_late(kpis: Kpis) -> None:
    assert (
        check(kpis, "Today we're at 6.375%.", "The annual percentage rate is 6.52.")["compliance"][0]["outcome"]
        == "fail"
    )


@pytest.mark.parametrize(
    "text",
    [
        "You need twenty percent down.",
        "FHA takes 3.5% down.",
        "The funding fee is 2.15 percent.",
        "They quoted you six point one two five, right?",
        "You said your current rate is 7.25%.",
        "Your closing is in 4.5 weeks.",
        "The price is $425,000.",
        "Do you have the three and a half percent?",
    ],
)
def test_other_numbers_are_no_rate_quotes(kpis: Kpis, text: str) -> None:
    found = check(kpis, text)
    assert found["phrases"][0]["found"] is None
    assert found["compliance"][0]["outcome"] == "not_applicable"


def test_required_phrases_match_by_stem_and_order_with_other_words_between(kpis: Kpis) -> None:
    rubric = {"phrases": [{"id": "change", "label": "x", "say": ["rates can change until locked"]}]}
    assert check(kpis, "Rates can change until they're locked.", rubric=rubric)["phrases"][0]["found"] is True
    assert check(kpis, "The rate can change until you are locked in.", rubric=rubric)["phrases"][0]["found"] is True
    assert check(kpis, "Locked rates do not change.", rubric=rubric)["phrases"][0]["found"] is False


def test_an_ellipsis_in_a_phrase_stands_for_up_to_six_words(kpis: Kpis) -> None:
    rubric = {"phrases": [{"id": "who", "label": "x", "say": ["this is … with"]}]}
    assert (
        check(kpis, "Hi, this is Dana Cole, a loan officer with Summit.", rubric=rubric)["phrases"][0]["found"] is True
    )
    assert check(kpis, "This is fine. I agree with you.", rubric=rubric)["phrases"][0]["found"] is False


def test_an_opening_phrase_counts_in_the_first_three_turns_only(kpis: Kpis) -> None:
    rubric = {"phrases": [{"id": "rec", "label": "x", "say": ["call is recorded"], "within": "opening"}]}
    assert check(kpis, "Hi.", "Hello.", "This call is recorded.", rubric=rubric)["phrases"][0]["found"] is True
    assert check(kpis, "Hi.", "Hello.", "So.", "This call is recorded.", rubric=rubric)["phrases"][0]["found"] is False


def test_evidence_quotes_are_exact_and_timed(kpis: Kpis) -> None:
    transcript = said(("r", 10, 20, "Okay then. I guarantee it. Bye."))
    quote = kpis(transcript, {"forbidden": [GUARANTEE]})["evidence"]["forbidden:guarantee"][0]
    # The sentence is characters 11–26 of 31 in ten seconds: 13.548 to 18.387 s.
    assert quote == {"i": 0, "start_ms": 13548, "end_ms": 18387, "quote": "I guarantee it."}


def test_evidence_takes_word_times_where_there_are_some(kpis: Kpis) -> None:
    transcript = said(("r", 10, 20, "Okay then. I guarantee it."))
    times = [10.0, 10.5, 17.0, 17.2, 18.0]
    transcript[0]["words"] = [
        {"w": w, "start": t, "end": t + 0.2}
        for w, t in zip(["Okay", "then.", "I", "guarantee", "it."], times, strict=True)
    ]
    quote = kpis(transcript, {"forbidden": [GUARANTEE]})["evidence"]["forbidden:guarantee"][0]
    assert (quote["start_ms"], quote["end_ms"]) == (17000, 18200)
