"""Varied calls over all shipped scenarios, for counting how often the writer repeats itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

from parley.buyer.protocol import ReplyPart
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.tests.reps import BadRep, GoodRep, hold
from parley.reps.call import hold_call
from parley.reps.skill import LEVELS
from parley.scenarios.pack import ScenarioFile, load_packs

WORDS_PER_S = 2.6


def varied_calls(count: int) -> Iterator[tuple[ScenarioFile, int, list[dict[str, Any]]]]:
    """Scenario, seed and transcript of so many calls, at all levels of skill; the same each time."""
    scenarios = load_packs()
    for n in range(count):
        scenario, seed = scenarios[n % len(scenarios)], 1000 + n
        level = LEVELS[(n // len(scenarios)) % len(LEVELS)]
        if scenario.playbook:
            buyer = ScriptedBuyer(scenario.buyer_brief(seed=seed))
            call = asyncio.run(hold_call(buyer, scenario.playbook, level=level, seed=seed))
            yield scenario, seed, call.transcript
        else:
            yield scenario, seed, _without_playbook(scenario, seed, (LEVELS.index(level) + 0.5) / len(LEVELS))


def _without_playbook(scenario: ScenarioFile, seed: int, skill: float) -> list[dict[str, Any]]:
    """A call by a rep who does the right thing with the probability `skill`, at each turn anew."""
    dice = random.Random(seed)
    good, bad = GoodRep(scenario.branching, questions=dice.randint(1, 8)), BadRep()

    def rep(last: list[ReplyPart]) -> str | None:
        line = good(last)
        return line if dice.random() < skill or line is None else bad(last)

    held = hold(scenario.buyer_brief(seed=seed), rep, most_turns=dice.randint(4, 30))
    turns: list[tuple[str, str, list[str]]] = [("buyer", " ".join(p.text for p in held.opening), ["opening"])]
    for said, parts in held.turns:
        turns.append(("rep", said, []))
        if parts:
            tags = list(dict.fromkeys(tag for part in parts for tag in part.tags))
            turns.append(("buyer", " ".join(part.text for part in parts), tags))
    return _timed(turns, dice)


def _timed(turns: list[tuple[str, str, list[str]]], dice: random.Random) -> list[dict[str, Any]]:
    clock, pace, found = 0.5, dice.uniform(0.7, 1.4), []
    for i, (speaker, text, tags) in enumerate(turns):
        length = len(text.split()) / (WORDS_PER_S * (pace if speaker == "rep" else 1.0))
        found.append(
            {
                "i": i,
                "speaker": speaker,
                "start": round(clock, 2),
                "end": round(clock + length, 2),
                "text": text,
                "source": "live",
                "tags": tags,
            }
        )
        clock += length + dice.uniform(0.2, 1.5)
    return found
