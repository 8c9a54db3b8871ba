"""Objections come up at natural moments and the buyer notices how they are taken."""

from __future__ import annotations

import pytest

from parley.buyer.protocol import ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.tests.reps import hold_lines
from parley.scenarios.pack import ScenarioFile, find_scenario, load_packs

SCENARIOS = load_packs()
SEEDS = range(12)
FEW_SEEDS = range(3)
"""For tests over the whole library."""


def _tags(parts: list[ReplyPart]) -> list[str]:
    return list(dict.fromkeys(tag for part in parts for tag in part.tags))


def _objections(parts: list[ReplyPart]) -> list[str]:
    return [tag for tag in _tags(parts) if tag.startswith("objection:")]


def _say(buyer: ScriptedBuyer, *lines: str) -> list[ReplyPart]:
    """Say the lines in turn; the answer to the last one."""
    parts: list[ReplyPart] = []
    for n, line in enumerate(lines):
        parts = list(buyer.answer(RepTurn(line, 10.0 * n, 10.0 * n + 4)))
    return parts


def _buyer_with_open_objection(tag: str = "rival-cheaper") -> ScriptedBuyer:
    buyer = ScriptedBuyer(find_scenario("S01").buyer_brief(seed=5))
    buyer.open()
    for standing in buyer.dispatcher.state.objections.values():
        standing.stage = "left_out"
    standing = buyer.dispatcher.state.objections[tag]
    standing.stage, standing.primed = "waiting", True
    _say(buyer, "Hello Marcus, this is Sam.")
    assert _objections(_say(buyer, "Our rate is six point three seven five with an APR of six point five two.")) == [
        f"objection:{tag}"
    ]
    return buyer


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
def test_none_comes_before_the_buyers_second_turn(scenario: ScenarioFile) -> None:
    trigger_words = " ".join(w for o in scenario.branching.objections for w in o.trigger.words)
    for seed in FEW_SEEDS:
        buyer = ScriptedBuyer(scenario.buyer_brief(seed=seed))
        assert not _objections(buyer.open())
        assert not _objections(_say(buyer, f"Well, {trigger_words}."))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
def test_none_comes_while_a_question_is_unanswered(scenario: ScenarioFile) -> None:
    for seed in FEW_SEEDS:
        buyer = ScriptedBuyer(scenario.buyer_brief(seed=seed))
        buyer.open()
        for n in range(8):
            parts = _say(buyer, f"What is the zorbic flange {n} of your quibble?")
            if "fallback" in _tags(parts):
                assert not _objections(parts)


def test_a_question_is_answered_before_the_objection_is_raised() -> None:
    for seed in SEEDS:
        held = hold_lines(
            find_scenario("S01").buyer_brief(seed=seed),
            [
                "Hi.",
                "What is the purchase price?",
                "When do you close?",
                "What is your credit score?",
                "What do you do for work?",
            ],
        )
        for _, parts in held.turns[1:]:
            tags = _tags(parts)
            if any(t.startswith("objection:") for t in tags):
                assert tags[0].startswith("topic:")


def test_trigger_words_bring_the_objection_up() -> None:
    buyer = ScriptedBuyer(find_scenario("S03").buyer_brief(seed=2))
    buyer.open()
    _say(buyer, "Hi Tasha, this is Sam.")
    assert _objections(_say(buyer, "An FHA loan could work for you.")) == ["objection:bad-credit-loan"]


def test_exploring_first_is_noticed() -> None:
    buyer = _buyer_with_open_objection()
    tags = _tags(_say(buyer, "I understand. Are there points in that quote?"))
    assert "explored:rival-cheaper" in tags
    assert "topic:rival-points" in tags


def test_a_good_answer_settles_it() -> None:
    buyer = _buyer_with_open_objection()
    parts = _say(
        buyer,
        "You would not break even in four years, since a point costs thirty four hundred and saves fifty five a month.",
    )
    assert "resolved:rival-cheaper" in _tags(parts)
    assert buyer.dispatcher.state.objections["rival-cheaper"].stage == "answered"


def test_a_question_that_only_shares_words_with_the_answer_does_not_settle_it() -> None:
    buyer = _buyer_with_open_objection("no-credit-pull")
    assert "resolved:no-credit-pull" not in _tags(_say(buyer, "What is your credit score?"))


def test_passing_over_it_is_noticed_after_a_while() -> None:
    buyer = _buyer_with_open_objection()
    patience = buyer.dispatcher.state.patience
    first = _say(buyer, "What is the purchase price?")
    second = _say(buyer, "How long have you been at your job?")
    assert "dodged:rival-cheaper" not in _tags(first)
    assert "dodged:rival-cheaper" in _tags(second)
    assert any(tag.startswith("topic:") for tag in _tags(second))
    assert buyer.dispatcher.state.patience < patience


def test_courtesy_is_not_passing_over() -> None:
    buyer = _buyer_with_open_objection()
    for line in ("I understand.", "That makes sense.", "I hear you."):
        assert "dodged:rival-cheaper" not in _tags(_say(buyer, line))


def test_pressure_is_noticed_and_costs_patience() -> None:
    buyer = _buyer_with_open_objection()
    patience = buyer.dispatcher.state.patience
    assert "pressured:rival-cheaper" in _tags(_say(buyer, "You need to decide today, this is your last chance."))
    assert buyer.dispatcher.state.patience <= patience - 3


def test_asked_to_stop_calling_the_buyer_ends_it_once_that_is_confirmed() -> None:
    for seed in range(40):
        buyer = ScriptedBuyer(find_scenario("S18").buyer_brief(seed=seed))
        if buyer.dispatcher.state.objections["off-the-list"].stage != "left_out":
            break
    buyer.open()
    _say(buyer, "Hi Chris.")
    assert "objection:off-the-list" in _tags(_say(buyer, "I have a special offer from our company."))
    parts = _say(buyer, "Of course, I will take you off the list right away.")
    assert "resolved:off-the-list" in _tags(parts)
    assert parts[-1].ends_call == "goodbye"


def test_a_question_in_the_turn_that_settles_it_is_answered_too() -> None:
    buyer = _buyer_with_open_objection()
    tags = _tags(_say(buyer, "Let us compare the same day, same lock, same points. How long do you plan to stay?"))
    assert tags == ["resolved:rival-cheaper", "topic:horizon"]
