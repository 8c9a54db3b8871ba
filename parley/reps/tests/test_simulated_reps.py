"""Simulated reps hold whole calls, differ by skill in what they do, and do the same again."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from parley.buyer.scripted import ScriptedBuyer
from parley.reps.call import SimulatedCall, hold_call
from parley.reps.dice import Dice
from parley.reps.paraphrase import paraphrase
from parley.reps.skill import LEVELS, Level, skill_of
from parley.scenarios.pack import find_scenario

SCENARIO = find_scenario("s01")


async def held(level: Level, seed: int, *, paraphrased: bool = False) -> SimulatedCall:
    assert SCENARIO.playbook is not None
    buyer = ScriptedBuyer(SCENARIO.buyer_brief(seed=seed))
    return await hold_call(buyer, SCENARIO.playbook, level=level, seed=seed, paraphrased=paraphrased)


def rep_words(call: SimulatedCall) -> str:
    return " ".join(u["text"] for u in call.transcript if u["speaker"] == "rep")


def acts(call: SimulatedCall) -> list[str]:
    return [said.act for exchange in call.exchanges for said in exchange.said]


async def test_the_same_seed_gives_the_same_call_and_another_seed_another() -> None:
    first, again, other = await held("good", 3), await held("good", 3), await held("good", 4)
    assert first.transcript == again.transcript
    assert first.transcript != other.transcript


async def test_an_excellent_rep_explores_before_answering_and_reaches_the_goal() -> None:
    call = await held("excellent", 2)
    done = acts(call)
    assert call.ended == "goal"
    assert done.index("explore") < done.index("answer")
    assert {"introduce", "ask", "dig", "acknowledge", "confirm", "tell", "propose", "wrap"} <= set(done)
    assert not {"slip", "pitch", "weak_answer", "careless", "end_weakly"} & set(done)


async def test_a_poor_rep_pitches_asks_little_and_ends_without_the_goal() -> None:
    calls = [await held("poor", seed) for seed in range(1, 7)]
    done = [act for call in calls for act in acts(call)]
    assert {"pitch", "slip", "weak_answer", "end_weakly"} <= set(done)
    assert done.count("ask") < 2 * len(calls)
    assert sum(call.ended == "goal" for call in calls) <= 1


async def test_each_level_asks_more_than_the_one_below() -> None:
    asked = []
    for level in LEVELS:
        calls = [await held(level, seed) for seed in range(1, 5)]
        asked.append(sum(acts(call).count("ask") for call in calls))
    assert all(low < high for low, high in pairwise(asked)), asked


async def test_times_run_forward_and_words_lie_within_their_utterance() -> None:
    for level in LEVELS:
        call = await held(level, 5)
        starts = [u["start"] for u in call.transcript]
        assert starts == sorted(starts)
        for utterance in call.transcript:
            words: list[dict[str, Any]] = utterance["words"]
            assert " ".join(word["w"] for word in words) == utterance["text"]
            assert utterance["start"] <= words[0]["start"]
            assert words[-1]["end"] <= utterance["end"] + 0.01
            assert utterance["source"] == "simulated"


async def test_who_interrupts_cuts_the_buyer_off() -> None:
    calls = [await held("poor", seed) for seed in range(1, 10)]
    cut = [
        (utterance, after)
        for call in calls
        for utterance, after in pairwise(call.transcript)
        if utterance["speaker"] == "buyer" and "cut" in utterance["tags"]
    ]
    assert cut
    assert all(after["start"] < utterance["heard_until"] for utterance, after in cut)


async def test_paraphrased_reps_say_none_of_the_sentences_that_plain_reps_say() -> None:
    def sentences(call: SimulatedCall) -> set[str]:
        said = [s.text for e in call.exchanges for s in e.said if s.act not in ("wrap", "give_up")]
        return {part.strip().lower() for line in said for part in re.findall(r"[^.?!]{25,}[.?!]", line)}

    plain, other = await held("excellent", 2), await held("excellent", 2, paraphrased=True)
    assert len(sentences(plain) & sentences(other)) <= len(sentences(plain)) * 0.1


def test_a_paraphrase_keeps_the_numbers() -> None:
    line = "Once you lock, the rate is held for forty-five days. What's your plan for the house?"
    said = {paraphrase(line, Dice(str(n)).at("x")) for n in range(8)}
    assert all("forty-five days" in one for one in said)
    assert all("is held for forty-five days once you lock" in one for one in said)
    assert line not in said


@pytest.mark.parametrize("habit", ["questions", "explores", "answers", "proposes", "tells"])
def test_a_better_rep_does_the_right_thing_more_often(habit: str) -> None:
    shares = [getattr(skill_of(level, Dice("1")), habit) for level in LEVELS]
    assert shares == sorted(shares)
