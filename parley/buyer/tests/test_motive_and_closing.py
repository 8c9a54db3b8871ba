"""The motive is told to good discovery only; the goal needs a settled objection, discovery and a date."""

from __future__ import annotations

from parley.buyer.protocol import ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer
from parley.scenarios.pack import find_scenario

DISCOVERY = [
    "What is the purchase price?",
    "How long do you plan to stay?",
    "When do you close?",
    "What is your income?",
]
PROPOSAL = "Let's start the application"


def _buyer(seed: int = 3, *, objections: bool = False) -> ScriptedBuyer:
    buyer = ScriptedBuyer(find_scenario("S01").buyer_brief(seed=seed))
    buyer.open()
    if not objections:
        for standing in buyer.dispatcher.state.objections.values():
            standing.stage = "left_out"
    return buyer


def _say(buyer: ScriptedBuyer, *lines: str) -> list[ReplyPart]:
    parts: list[ReplyPart] = []
    for line in lines:
        parts = list(buyer.answer(RepTurn(line, 10.0, 14.0)))
    return parts


def _tags(parts: list[ReplyPart]) -> list[str]:
    return [tag for part in parts for tag in part.tags]


def test_the_motive_stays_hidden_without_discovery() -> None:
    tags = _tags(_say(_buyer(), "What went wrong last time?"))
    assert "motive" not in tags
    assert "topic:last-time" in tags


def test_the_motive_is_told_after_good_questions() -> None:
    tags = _tags(_say(_buyer(), *DISCOVERY[:3], "What went wrong last time?"))
    assert "motive" in tags
    assert "topic:last-time" in tags


def test_discovery_alone_does_not_bring_it_out() -> None:
    assert "motive" not in _tags(_say(_buyer(), *DISCOVERY))


def test_a_cue_brings_it_out_too() -> None:
    assert "motive" in _tags(_say(_buyer(), *DISCOVERY[:3], "What worries you about this purchase?"))


def test_tell_me_more_after_a_guarded_answer_brings_it_out_once_it_is_ripe() -> None:
    buyer = _buyer()
    assert "motive" not in _tags(_say(buyer, *DISCOVERY[:2], "What went wrong last time?", *DISCOVERY[2:3]))
    assert "motive" in _tags(_say(buyer, "What matters most to you?"))


def test_a_proposal_without_discovery_is_too_early() -> None:
    assert "hesitate:application_started" in _tags(_say(_buyer(), f"{PROPOSAL} tomorrow at ten."))


def test_a_proposal_without_a_date_is_asked_for_one() -> None:
    buyer = _buyer()
    assert "when:application_started" in _tags(_say(buyer, *DISCOVERY, f"{PROPOSAL}."))
    assert "goal:application_started" in _tags(_say(buyer, "How about Thursday at six?"))


def test_a_dated_proposal_is_accepted_and_the_call_ends_with_the_goal() -> None:
    buyer = _buyer()
    parts = _say(buyer, *DISCOVERY, f"{PROPOSAL} tomorrow at ten.")
    assert "goal:application_started" in _tags(parts)
    assert all(part.ends_call is None for part in parts)
    assert _say(buyer, "Great, thank you.")[-1].ends_call == "goal"


def test_after_the_yes_a_question_is_still_answered() -> None:
    buyer = _buyer()
    _say(buyer, *DISCOVERY, f"{PROPOSAL} tomorrow at ten.")
    parts = _say(buyer, "What is the best email for you?")
    assert "topic:contact" in _tags(parts)
    assert parts[-1].ends_call is None


def test_a_proposal_with_an_open_objection_brings_the_objection_up() -> None:
    buyer = _buyer(objections=True)
    for standing in buyer.dispatcher.state.objections.values():
        standing.primed = False
        standing.from_turn = 50
    parts = _say(buyer, *DISCOVERY, f"{PROPOSAL} tomorrow at ten.")
    assert any(tag.startswith("objection:") for tag in _tags(parts))
    assert "goal:application_started" not in _tags(parts)


def test_pushed_twice_the_buyer_refuses() -> None:
    buyer = _buyer()
    buyer.dispatcher.state.patience = 50
    _say(buyer, *DISCOVERY, "You need to decide today.", "This is your last chance.")
    assert "refuse:application_started" in _tags(_say(buyer, f"{PROPOSAL} tomorrow at ten."))


def test_a_goodbye_is_returned() -> None:
    assert _say(_buyer(), "Alright, have a good day. Bye.")[-1].ends_call == "goodbye"


def test_patience_runs_out_after_a_warning() -> None:
    buyer = _buyer()
    seen: list[str] = []
    for n in range(30):
        parts = _say(buyer, f"What is your {'x' * (n + 3)} coefficient?")
        seen += _tags(parts)
        if parts and parts[-1].ends_call:
            break
    assert "warning" in seen
    assert parts[-1].ends_call == "patience"


def test_late_in_the_call_the_buyer_minds_the_clock_once() -> None:
    buyer = _buyer()
    late = [list(buyer.answer(RepTurn(line, 560.0 + n, 562.0 + n))) for n, line in enumerate(DISCOVERY)]
    assert sum("hurry" in _tags(parts) for parts in late) == 1
