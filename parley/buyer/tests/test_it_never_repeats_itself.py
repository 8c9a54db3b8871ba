"""No sentence is said twice in a call, however long it lasts and whatever is asked."""

from __future__ import annotations

import pytest

from parley.buyer.branching import Patience
from parley.buyer.brief import BuyerBrief
from parley.buyer.state import CallState, Move
from parley.buyer.tests.reps import Held, hold_lines, more_seeds
from parley.buyer.wording import Wording, key
from parley.scenarios.pack import load_packs

SCENARIOS = load_packs()


def _endless(brief: BuyerBrief) -> BuyerBrief:
    """The same buyer with all the patience in the world."""
    patience = Patience(
        start=100, costs=dict.fromkeys(("repeated", "fallback", "dodged"), 0), warnings=["Hm."], gone=["Bye."]
    )
    return brief.model_copy(update={"branching": brief.branching.model_copy(update={"patience": patience})})


def _repeated(held: Held) -> list[str]:
    said = [key(sentence) for sentence in held.sentences]
    return sorted({sentence for sentence in said if said.count(sentence) > 1})


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
@pytest.mark.parametrize("seed", [1, *more_seeds(4)])
def test_no_line_comes_twice_in_forty_mixed_turns(scenario: object, seed: int) -> None:
    brief = _endless(scenario.buyer_brief(seed=seed))  # type: ignore[attr-defined]
    asks = [t.ask[n % len(t.ask)] + "?" for n, t in enumerate(brief.branching.topics)]
    lines = [*asks[:18], "Okay.", "I see.", "Tell me more.", *asks[:10], "Okay.", "Go on.", *asks[:8]][:40]
    held = hold_lines(brief, lines)
    assert len(held.turns) == 40
    assert _repeated(held) == []


def test_one_question_asked_forty_times_gets_forty_answers() -> None:
    brief = _endless(SCENARIOS[0].buyer_brief(seed=3))
    held = hold_lines(brief, ["What is the purchase price?"] * 40)
    assert all(parts for _, parts in held.turns)
    assert _repeated(held) == []


@pytest.mark.parametrize(
    "line", ["Okay.", "", "Flibber the gronk quotient?", "Thank you.", "We are a nice company, you know."]
)
def test_one_line_said_forty_times_never_gets_the_same_answer(line: str) -> None:
    held = hold_lines(_endless(SCENARIOS[2].buyer_brief(seed=3)), [line] * 40)
    assert _repeated(held) == []


def test_asked_again_the_buyer_says_that_it_was_said() -> None:
    held = hold_lines(
        SCENARIOS[0].buyer_brief(seed=3), ["Hi.", "What is your credit score?", "What is your credit score?"]
    )
    assert "again" in held.turns[-1][1][0].tags
    assert held.turns[-1][1][0].text != held.turns[-2][1][0].text


def test_can_you_repeat_that_brings_the_answer_back_in_other_words() -> None:
    held = hold_lines(SCENARIOS[0].buyer_brief(seed=3), ["When do you close?", "Sorry, can you repeat that?"])
    assert "topic:closing-date" in held.turns[-1][1][0].tags
    assert "thirty-one" in held.turns[-1][1][0].text


def test_a_nod_that_was_said_does_not_keep_the_buyer_from_agreeing() -> None:
    brief = SCENARIOS[0].buyer_brief(seed=3)
    closing = brief.branching.closing.model_copy(update={"accept": ["Okay. Tomorrow works, and bring the papers."]})
    wording = Wording(brief.branching.model_copy(update={"closing": closing}), seed=3)
    state = CallState(patience=5, objections={}, said={"okay"})
    assert wording.words_for(Move("accept", closing.goal), state) == "Tomorrow works, and bring the papers."
    state.said.add("tomorrow works and bring the papers")
    assert wording.words_for(Move("accept", closing.goal), state) == ""
