"""A typed call is held with the same buyer; its times are made from 150 words per minute."""

from __future__ import annotations

from itertools import pairwise

from parley.buyer.protocol import ReplyPart
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.tests.reps import GoodRep
from parley.buyer.typed import GAP_S, TypedCall, TypedUtterance, hold_typed_call, typed_call
from parley.scenarios.pack import find_scenario


def _buyer() -> ScriptedBuyer:
    return ScriptedBuyer(find_scenario("S01").buyer_brief(seed=3))


def test_every_line_is_answered_and_shown_as_it_comes() -> None:
    shown: list[TypedUtterance] = []
    utterances = hold_typed_call(_buyer(), ["What is the price?", "", "When do you close?"], shown.append)
    assert [u.speaker for u in utterances] == ["buyer", "rep", "buyer", "rep", "buyer"]
    assert shown == utterances
    assert [u.i for u in utterances] == [0, 1, 2, 3, 4]


def test_times_come_from_150_words_per_minute() -> None:
    rep = hold_typed_call(_buyer(), ["one two three four five"])[1]
    assert rep.end - rep.start == 2.0


def test_turns_follow_each_other() -> None:
    utterances = hold_typed_call(_buyer(), ["What is the price?", "When do you close?"])
    for before, after in pairwise(utterances):
        assert abs(after.start - before.end - GAP_S) < 1e-9


def test_utterances_have_the_shape_of_the_transcript() -> None:
    opening, rep, answer = (u.as_dict() for u in hold_typed_call(_buyer(), ["What is the price?"]))
    assert rep == {
        "i": 1,
        "speaker": "rep",
        "start": rep["start"],
        "end": rep["end"],
        "text": rep["text"],
        "source": "typed",
    }
    assert opening["tags"] == ["opening"]
    assert answer["heard_until"] == answer["end"]
    assert "topic:price" in answer["tags"]


def test_the_call_ends_when_the_buyer_hangs_up() -> None:
    assert hold_typed_call(_buyer(), ["Goodbye.", "Hello?", "Hello?"])[-1].speaker == "buyer"


def test_the_call_ends_at_the_time_limit() -> None:
    utterances = hold_typed_call(_buyer(), ["What is the price?"] * 50, time_limit_s=20.0)
    assert utterances[-1].end < 40.0


async def test_a_whole_call_may_be_typed_to_the_goal() -> None:
    brief = find_scenario("S01").buyer_brief(seed=3)
    call, rep = TypedCall(ScriptedBuyer(brief)), GoodRep(brief.branching)
    call.open()
    last: list[ReplyPart] = []
    for _ in range(40):
        line = rep(last)
        assert line is not None
        utterances = await call.say(line)
        last = [ReplyPart(utterances[-1].text, tuple(utterances[-1].tags or ()))]
        if call.ended:
            break
    assert call.ended == "goal"


async def test_utterances_stream_one_by_one() -> None:
    speakers = [u.speaker async for u in typed_call(_buyer(), iter(["When do you close?"]))]
    assert speakers == ["buyer", "rep", "buyer"]
