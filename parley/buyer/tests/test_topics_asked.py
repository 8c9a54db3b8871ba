"""What a rep asked in a call that no buyer of ours took part in."""

from __future__ import annotations

from typing import Any

from parley.buyer.asked import with_topics_asked
from parley.scenarios.pack import find_scenario

BRANCHING = find_scenario("S01").branching


def said(speaker: str, text: str, *tags: str) -> dict[str, Any]:
    return {"speaker": speaker, "text": text, "start": 0.0, "end": 1.0, **({"tags": list(tags)} if tags else {})}


def tags_of(*utterances: dict[str, Any]) -> list[list[str]]:
    return [u.get("tags", []) for u in with_topics_asked(utterances, BRANCHING)]


def test_a_question_in_other_words_than_the_scenarios_is_understood() -> None:
    assert tags_of(said("rep", "And what do you guys take home every month?")) == [["asked:income"]]
    assert tags_of(said("rep", "How much are you putting down?")) == [["asked:down-payment"]]


def test_small_talk_and_what_the_buyer_says_ask_for_nothing() -> None:
    assert tags_of(said("rep", "Nice weather today."), said("buyer", "How much are you putting down?")) == [[], []]


def test_other_tags_stay_and_reading_twice_changes_nothing() -> None:
    once = with_topics_asked([said("rep", "How much are you putting down?", "unclear")], BRANCHING)
    assert once[0]["tags"] == ["unclear", "asked:down-payment"]
    assert with_topics_asked(once, BRANCHING) == once


def test_a_call_that_our_buyer_tagged_stays_as_it_is() -> None:
    call = [said("rep", "How much are you putting down?"), said("buyer", "Twenty percent.", "topic:down-payment")]
    assert with_topics_asked(call, BRANCHING) == call
