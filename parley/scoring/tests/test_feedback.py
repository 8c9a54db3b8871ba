"""The rule-based writer: quotes are real, advice comes from the scenario, and short calls get sensible words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from parley.scenarios.pack import ScenarioFile, find_scenario, load_packs
from parley.scenarios.rubric import compile_rubric
from parley.scoring.feedback import write_feedback
from parley.scoring.tests.calls import GOOD
from parley.scoring.tests.conftest import Kpis, said

Write = Callable[..., dict[str, Any]]

POOR: list[tuple[Any, ...]] = [
    ("r", 0, 8, "Thanks for calling. Our rate is 6.375% and it is guaranteed, nobody can beat it, trust me."),
    ("b", 9, 13, "Here's my problem. I've got another lender at six point one two five.", "objection:rival-cheaper"),
    ("r", 13.2, 20, "They are just teasing you. You should sign with us today because rates are going up tomorrow."),
    ("b", 21, 25, "You skipped right over the six point one two five."),
    ("r", 25.5, 33, "Look, our company has been in business for twenty years and we have very good people here."),
    ("b", 34, 37, "That kind of talk makes me call the next lender."),
]  # fmt: skip


@pytest.fixture
def write(kpis: Kpis, score: Kpis) -> Write:
    def feedback(
        turns: list[tuple[Any, ...]], scenario: ScenarioFile | None = None, source: str = "live"
    ) -> dict[str, Any]:
        file = scenario or find_scenario("S01")
        rubric, transcript = compile_rubric(file).as_json(), said(*turns, source=source)
        values = kpis(transcript, rubric)
        brief = file.buyer_brief(seed=1).model_dump(mode="json")
        return write_feedback(transcript, values, score(values, rubric), rubric, brief)

    return feedback


def quotes_of(feedback: dict[str, Any]) -> list[dict[str, Any]]:
    tip = feedback["try"] or {}
    return [*feedback["quotes"], *([tip["quote"]] if "quote" in tip else [])]


@pytest.mark.parametrize("turns", [GOOD, POOR], ids=["good", "poor"])
def test_every_quote_is_in_its_utterance_and_within_its_times(write: Write, turns: list[tuple[Any, ...]]) -> None:
    feedback = write(turns)
    assert 2 <= len(feedback["quotes"]) <= 4
    for quote in quotes_of(feedback):
        _, start, end, text, *_ = turns[quote["i"]]
        assert quote["quote"] in text
        assert round(start * 1000) <= quote["start_ms"] < quote["end_ms"] <= round(end * 1000)


def test_it_names_what_was_lost_most_and_offers_words_from_the_scenario(write: Write) -> None:
    feedback = write(POOR)
    assert "59" in feedback["summary"], "the cap is named"
    assert "No guarantee of approval" in feedback["summary"]
    assert feedback["try"]["what"]
    assert len(feedback["try"]["say_instead"]) > 10
    assert "guarantee" in json.dumps(feedback["quotes"])


def test_a_good_call_is_told_what_was_good(write: Write) -> None:
    feedback = write(GOOD)
    assert 1 <= len(feedback["strengths"]) <= 3
    assert "Marcus" in feedback["summary"]
    assert any("re-priced" in quote["comment"] for quote in feedback["quotes"]), (
        "the motive is named where it was found"
    )


def test_a_call_of_one_word_gets_encouragement_and_no_invented_quote(write: Write) -> None:
    feedback = write([("r", 0, 1, "Hello?")])
    assert "judge" in feedback["summary"]
    assert feedback["quotes"] == []
    assert feedback["strengths"] == []
    assert "Marcus" in feedback["try"]["say_instead"]


def test_an_empty_call_is_no_trouble(write: Write) -> None:
    assert write([])["quotes"] == []


def test_a_typed_call_hears_nothing_about_pace_or_fillers(write: Write) -> None:
    text = json.dumps(write(GOOD, source="typed"))
    for word in ("filler", "words a minute", "pace"):
        assert word not in text


def test_the_same_call_reads_the_same_and_another_reads_differently(write: Write) -> None:
    assert write(GOOD) == write(GOOD)
    other = [(*turn[:3], turn[3].replace("four years", "five years"), *turn[4:]) for turn in GOOD]
    assert {write(GOOD)["next_step"], write(other)["next_step"], write(POOR)["next_step"]} != {write(GOOD)["next_step"]}


@pytest.mark.parametrize("scenario", load_packs(), ids=lambda s: s.code)
def test_it_writes_for_every_scenario(write: Write, scenario: ScenarioFile) -> None:
    opening, objection = scenario.branching.opening[0], scenario.branching.objections[0]
    turns = [
        ("b", 0, 3, opening, "opening"),
        ("r", 4, 12, "Well, we have great products here and I could tell you all about them for the next ten minutes."),
        ("b", 13, 17, objection.lines[0], f"objection:{objection.tag}"),
        ("r", 18, 26, "Everybody says that, but people who come to us are very happy with what they get in the end."),
        ("b", 27, 30, objection.outcomes.dodged[0]),
    ]
    feedback = write(turns, scenario)
    assert len(feedback["quotes"]) >= 1
    assert feedback["try"]["say_instead"]
    assert "…" not in feedback["try"]["say_instead"]
    assert "None" not in json.dumps(feedback)


def test_a_real_call_knows_neither_the_name_nor_the_facts_of_the_persona(write: Write) -> None:
    for turns in (GOOD, POOR):
        feedback = write(turns, source="import")
        own = {**feedback, "quotes": [], "try": {**feedback["try"], "quote": None}}
        text = json.dumps(own, ensure_ascii=False)
        assert "Marcus" not in re.sub(r"“[^”]*”", "", text)
        assert "three hundred forty thousand" not in text
        for sentence in [feedback["summary"], feedback["next_step"], feedback["try"]["what"]]:
            assert not re.search(r"(?:^|[.?!] )the buyer", sentence), sentence
