"""The queue in front of the sink, the careful pass, and taking over a call."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from parley.voice import keeper as keeper_module
from parley.voice.careful import CarefulPass, passages
from parley.voice.contracts import CallRecord, Utterance
from parley.voice.ears import Stretch
from parley.voice.keeper import Keeper
from parley.voice.registry import catch_up
from parley.voice.tests.standins import ANSWERS, OPENING, MemorySink, ScriptedForTests, call_brief
from parley.voice.transcript import Clause, Reply, Transcript
from parley.voice.whisper import Heard


def said(i: int, speaker: str, start: float, text: str) -> Utterance:
    return Utterance.model_validate({"i": i, "speaker": speaker, "start": start, "end": start + 1, "text": text})


def record() -> CallRecord:
    now = datetime.now(UTC)
    brief = call_brief()
    return CallRecord(
        attempt_id=brief.attempt_id, started_at=now, ended_at=now, duration_s=1, end_reason="rep_ended", utterances=[]
    )


async def test_a_failed_write_is_tried_again() -> None:
    sink = MemorySink(broken_for=2)
    told: list[str] = []
    keeper = Keeper(sink, told.append)
    keeper.utterance(said(0, "rep", 0, "Hello."))
    keeper.audio(0, 0.0, b"\0" * 8)
    await keeper.finish(record())
    assert sink.utterances[0].text == "Hello."
    assert 0 in sink.pieces
    assert sink.record is not None
    assert "No space left" in told[0]
    assert told[-1] == ""


async def test_what_cannot_be_kept_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "PATIENCE_AT_END_S", 0.3)
    sink = MemorySink(broken_for=1000)
    keeper = Keeper(sink, lambda text: None)
    keeper.audio(0, 0.0, b"\0" * 8)
    await keeper.finish(record())
    assert sink.record is not None
    assert "recording piece 0" in sink.record.notes[0]


class Recogniser:
    name = "fixed"

    def __init__(self, text: str) -> None:
        self.text = text

    async def quick(self, audio: object) -> Heard:
        return Heard(self.text)

    async def careful(self, audio: object) -> Heard:
        times = [(word, 0.1 * n, 0.1 * n + 0.1) for n, word in enumerate(self.text.split())]
        return Heard(self.text, times)


def stretch(text: str, start_s: float = 5.0) -> Stretch:
    return Stretch(start_s, start_s - 0.2, bytearray(32_000), end_s=start_s + 1.0, text=text)


async def careful(live: str, heard: str) -> Utterance:
    found: list[Utterance] = []
    passing = CarefulPass(Recogniser(heard), lambda i, u: found.append(u), lambda: True)
    passing.add(3, [stretch(live)])
    await passing.finish()
    return found[0]


async def test_the_careful_words_replace_the_live_ones() -> None:
    utterance = await careful("So the rate is six.", "Um, so the rate is six.")
    assert (utterance.i, utterance.text, utterance.source) == (3, "Um, so the rate is six.", "pass")
    assert utterance.words is not None
    assert utterance.words[0].start == pytest.approx(5.0)
    assert utterance.words[3].start == pytest.approx(5.1)


@pytest.mark.parametrize(
    "heard", ["", "So", "Thank you for watching and see you in the next video, goodbye and thanks"]
)
async def test_live_words_stay_when_the_careful_ones_cannot_be_right(heard: str) -> None:
    utterance = await careful("So the rate is six.", heard)
    assert (utterance.text, utterance.source) == ("So the rate is six.", "live")
    assert utterance.words is not None
    assert [w.w for w in utterance.words] == utterance.text.split()


async def test_what_only_the_careful_pass_says_twice_keeps_the_live_words() -> None:
    utterance = await careful("May I ask you a few questions first?", "I ask you a few. I ask you a few.")
    assert (utterance.text, utterance.source) == ("May I ask you a few questions first?", "live")
    assert utterance.confidence == 0.5


def test_a_turn_is_heard_in_one_piece_over_its_short_pauses() -> None:
    first, second, third = stretch("So, um,", 5.0), stretch("the rate is six.", 6.9), stretch("Later.", 12.0)
    whole, later = passages([first, second, third])
    assert (whole.text, whole.start_s, whole.end_s) == ("So, um, the rate is six.", 5.0, 7.9)
    assert len(whole.pcm) == round((6.9 - 5.0 + 1.0) * 32_000)
    assert len(first.pcm) == 32_000
    assert later.text == "Later."


def test_sound_that_came_late_under_load_is_heard_again_as_a_whole() -> None:
    first, late = stretch("Hello Marcus.", 5.0), stretch("May I ask you a few questions first?", 5.4)
    first.pcm, late.pcm = bytearray(b"\1\0" * 32_000), bytearray(b"\2\0" * 32_000)
    (whole,) = passages([first, late])
    assert whole.pcm == first.pcm + late.pcm  # their times say that they overlap by 1.6 s


async def test_the_careful_pass_waits_for_an_idle_moment() -> None:
    found: list[Utterance] = []
    busy = True
    passing = CarefulPass(Recogniser("Hello there."), lambda i, u: found.append(u), lambda: not busy)
    passing.add(0, [stretch("Hello.")])
    await asyncio.sleep(0.2)
    assert found == []
    busy = False
    await asyncio.sleep(0.2)
    assert [u.text for u in found] == ["Hello there."]
    await passing.finish()


def test_a_reply_is_heard_as_far_as_it_was_played() -> None:
    reply = Reply(1, clauses=[Clause("Well, let me see.", 1.0, 10.0), Clause("I think not today.", 1.0, 11.0)])
    assert reply.text_heard(9.9) == ""
    assert reply.text_heard(11.0) == "Well, let me see."
    assert reply.text_heard(11.5) == "Well, let me see. I think"
    assert reply.text_heard(13.0) == reply.text


def test_the_transcript_of_record_is_in_order() -> None:
    transcript = Transcript([said(0, "buyer", 0.0, "Hello.")])
    assert transcript.new_i() == 1
    transcript.put(said(2, "buyer", 3.0, "That is terrible news."))
    transcript.put(said(1, "rep", 3.0, "Great, thank you!"))
    transcript.put(said(3, "buyer", 9.0, ""))
    final = transcript.of_record()
    assert [(u.i, u.speaker) for u in final] == [(0, "buyer"), (1, "rep"), (2, "buyer")]
    assert final[1].sentiment is not None
    assert final[1].sentiment > 0.5
    assert final[2].sentiment is not None
    assert final[2].sentiment < -0.2


def test_words_that_may_be_wrong_are_marked_unclear() -> None:
    transcript = Transcript()
    for i, confidence in enumerate((0.9, 0.4, None)):
        transcript.put(said(i, "rep", float(i), "The rate is six.").model_copy(update={"confidence": confidence}))
    assert [u.tags for u in transcript.of_record()] == [None, ["unclear"], None]


async def test_a_call_is_taken_over_where_it_stood() -> None:
    history = [
        said(0, "buyer", 0, OPENING),
        said(1, "rep", 2, "What matters most to you?"),
        said(2, "buyer", 4, ANSWERS[0]),
        said(3, "rep", 6, "What rate were you quoted?"),
        said(4, "buyer", 8, " ".join(ANSWERS[1].split()[:2])),
    ]
    buyer = ScriptedForTests()
    await catch_up(buyer, call_brief(history=history, resumed_at_s=10, resumed_segment=3))
    assert [turn.text for turn in buyer.turns] == ["What matters most to you?", "What rate were you quoted?"]
    assert buyer.heard_texts == [" ".join(ANSWERS[1].split()[:2])]
