"""What the rep talked over was not said; silence is asked about and in the end ends the call."""

from __future__ import annotations

from parley.buyer.protocol import ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer
from parley.scenarios.pack import find_scenario


def _buyer(code: str = "S01", seed: int = 3) -> ScriptedBuyer:
    buyer = ScriptedBuyer(find_scenario(code).buyer_brief(seed=seed))
    buyer.open()
    return buyer


def _say(buyer: ScriptedBuyer, line: str, *, interrupted: bool = False) -> list[ReplyPart]:
    return list(buyer.answer(RepTurn(line, 10.0, 14.0, interrupted=interrupted)))


def _text(parts: list[ReplyPart]) -> str:
    return " ".join(part.text for part in parts)


def test_an_answer_that_was_not_heard_counts_as_not_given() -> None:
    buyer = _buyer()
    _say(buyer, "What is your credit score?")
    assert buyer.dispatcher.state.asked == {"credit-score": 1}
    buyer.heard("")
    assert buyer.dispatcher.state.asked == {}
    parts = _say(buyer, "What is your credit score?")
    assert "again" not in parts[0].tags


def test_an_answer_heard_in_full_stays_given() -> None:
    buyer = _buyer()
    buyer.heard(_text(_say(buyer, "What is your credit score?")))
    assert buyer.dispatcher.state.asked == {"credit-score": 1}


def test_of_two_answers_only_the_one_that_was_heard_counts() -> None:
    buyer = _buyer()
    parts = _say(buyer, "What is the purchase price and when do you close?")
    buyer.heard(_text([p for p in parts if "topic:price" in p.tags]))
    assert set(buyer.dispatcher.state.asked) == {"price"}


def test_an_objection_that_was_talked_over_comes_again() -> None:
    buyer = _buyer()
    _say(buyer, "Hello.")
    parts = _say(buyer, "I have a few questions before I can quote.")
    tag = next(t for p in parts for t in p.tags if t.startswith("objection:")).removeprefix("objection:")
    buyer.heard("")
    assert buyer.dispatcher.state.objections[tag].stage == "waiting"
    again = [t for p in _say(buyer, "Sorry, I talked over you.", interrupted=True) for t in p.tags]
    assert f"objection:{tag}" in again


def test_a_goodbye_that_was_talked_over_does_not_end_the_call() -> None:
    buyer = _buyer()
    parts = _say(buyer, "Thanks for your time, goodbye.")
    assert parts[-1].ends_call == "goodbye"
    buyer.heard("")
    assert _say(buyer, "Wait, one more thing. When do you close?")


def test_after_hanging_up_the_buyer_says_nothing() -> None:
    buyer = _buyer()
    _say(buyer, "Goodbye.")
    assert _say(buyer, "Hello?") == []
    assert buyer.on_silence(60.0) == []


def test_being_talked_over_is_remarked_upon_and_costs_patience() -> None:
    buyer = _buyer()
    before = buyer.dispatcher.state.patience
    parts = _say(buyer, "What is the purchase price?", interrupted=True)
    assert "interrupted" in parts[0].tags
    assert any("topic:price" in part.tags for part in parts)
    assert buyer.dispatcher.state.patience < before


def test_a_short_silence_is_left_alone() -> None:
    assert _buyer().on_silence(3.0) == []


def test_silence_is_asked_about_and_then_ends_the_call_politely() -> None:
    buyer = _buyer()
    _say(buyer, "When do you close?")
    said: list[tuple[int, list[ReplyPart]]] = []
    since = 0
    for second in range(1, 61):
        since += 1
        if parts := buyer.on_silence(float(since)):
            said.append((second, parts))
            since = 0
            if parts[-1].ends_call:
                break
    assert [parts[0].tags[0] for _, parts in said[:-1]] == ["prompt", "prompt"]
    assert said[-1][1][-1].ends_call == "silence"
    assert said[0][0] >= 7


def test_a_clock_that_is_not_reset_gives_no_prompt_each_second() -> None:
    buyer = _buyer()
    _say(buyer, "When do you close?")
    prompts = [second for second in range(1, 16) if buyer.on_silence(float(second))]
    assert len(prompts) == 1


def test_a_word_from_the_rep_starts_the_patience_with_silence_anew() -> None:
    buyer = _buyer()
    _say(buyer, "When do you close?")
    buyer.on_silence(10.0)
    _say(buyer, "Sorry, I was writing that down.")
    assert buyer.on_silence(10.0)[0].tags[0] == "prompt"
    assert buyer.dispatcher.state.ended is None


def test_after_the_yes_silence_ends_the_call_with_the_goal() -> None:
    buyer = _buyer()
    buyer.dispatcher.state.accepted = True
    assert buyer.on_silence(2.0) == []
    assert buyer.on_silence(5.0)[-1].ends_call == "goal"
