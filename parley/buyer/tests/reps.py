"""Reps who call the buyer in tests: one who sells well, one who does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from parley.buyer.branching import Branching, Objection
from parley.buyer.brief import BuyerBrief
from parley.buyer.protocol import EndReason, ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer

SECONDS_PER_TURN = 9.0


def more_seeds(*seeds: int) -> list[Any]:
    """Seeds beside the first, for tests over the whole library: a call with each of 27 buyers takes a while."""
    return [pytest.param(seed, marks=pytest.mark.slow) for seed in seeds]


@dataclass(slots=True)
class Held:
    """A call as it went: each turn of the rep with the buyer's answer."""

    opening: list[ReplyPart]
    turns: list[tuple[str, list[ReplyPart]]] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        return [p.text for p in self.opening] + [p.text for _, parts in self.turns for p in parts]

    @property
    def tags(self) -> list[str]:
        return [tag for _, parts in self.turns for part in parts for tag in part.tags]

    @property
    def end(self) -> EndReason | None:
        return next((p.ends_call for _, parts in self.turns for p in parts if p.ends_call), None)


Rep = Callable[[list[ReplyPart]], str | None]


def hold(brief: BuyerBrief, rep: Rep, *, most_turns: int = 60) -> Held:
    """A whole call between the scripted buyer and `rep`."""
    buyer = ScriptedBuyer(brief)
    held = Held(buyer.open())
    last, now = held.opening, 4.0
    while len(held.turns) < most_turns and held.end is None:
        line = rep(last)
        if line is None:
            break
        last = list(buyer.answer(RepTurn(line, now, now + 4.0)))
        held.turns.append((line, last))
        now += SECONDS_PER_TURN
    return held


def hold_lines(brief: BuyerBrief, lines: Sequence[str]) -> Held:
    """A call in which the rep says these lines, whatever the buyer answers."""
    waiting = iter(lines)
    return hold(brief, lambda last: next(waiting, None), most_turns=len(lines))


class GoodRep:
    """Says who they are, asks one discovery question at a time, explores and answers objections, closes with a date."""

    def __init__(self, branching: Branching, *, questions: int = 8) -> None:
        self._objections = {o.tag: o for o in branching.objections}
        discovery = [t for t in branching.topics if t.discovery and not t.opens_motive][:questions]
        openers = [t for t in branching.topics if t.opens_motive][:1]
        cue = branching.motive.cues[0] if branching.motive.cues else ""
        self._questions = [t.ask[0] + "?" for t in (*discovery, *openers)] or [cue + "?"]
        self._close = branching.closing.ask
        self._step: dict[str, int] = {}
        self._on_table: str | None = None
        self._said_hello = False
        self._proposals = 0

    def __call__(self, last: list[ReplyPart]) -> str | None:
        if not self._said_hello:
            self._said_hello = True
            return "Hello, my name is Sam with Harbor Home Loans, NMLS 4412, and this call is recorded."
        self._notice(last)
        if self._on_table:
            return self._treat(self._objections[self._on_table])
        if self._questions:
            return self._questions.pop(0)
        if any(tag.startswith("goal:") for part in last for tag in part.tags):
            return "Wonderful, talk to you tomorrow. Bye."
        self._proposals += 1
        if self._proposals > 8:
            return None
        return f"{self._close[(self._proposals - 1) % len(self._close)]} tomorrow at ten in the morning?"

    def _notice(self, last: list[ReplyPart]) -> None:
        for part in last:
            for tag in part.tags:
                kind, _, name = tag.partition(":")
                if kind == "objection":
                    self._on_table = name
                elif kind == "resolved" and name == self._on_table:
                    self._on_table = None

    def _treat(self, objection: Objection) -> str:
        step = self._step.get(objection.tag, 0)
        self._step[objection.tag] = step + 1
        if step == 0:
            return f"I understand. {objection.resolve.explore[0].capitalize()}?"
        ideas = [idea[0] for idea in objection.resolve.answer]
        if step > 2:
            self._on_table = None
        return ". ".join(idea.capitalize() for idea in ideas) + "."


class BadRep:
    """Pitches, pushes, talks over what was said and never asks."""

    _LINES = (
        "We have great rates and great service and our company is the best in town.",
        "You need to decide today, this is your last chance.",
        "I don't care about that. Let me tell you about our awards and our history since nineteen eighty four.",
        "You would be crazy to wait. Just say yes.",
        "What about the amortization waterfall of the servicing tranche?",
        "Sign now or you will lose this rate.",
        "Stop wasting my time.",
        "What is your gimbal coefficient?",
        "You have to sign today.",
        "Are you deaf? Just sign.",
    )

    def __init__(self) -> None:
        self._n = 0

    def __call__(self, last: list[ReplyPart]) -> str | None:
        line = self._LINES[self._n % len(self._LINES)]
        self._n += 1
        return line
