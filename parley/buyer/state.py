"""What has happened in a call so far, and the moves a buyer can make."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from typing import Literal

from parley.buyer.protocol import EndReason

Stage = Literal["waiting", "open", "explored", "heard_out", "answered", "dropped", "left_out"]
MoveKind = Literal[
    "opening",
    "interrupted",
    "unheard",
    "rude",
    "odd",
    "enough",
    "small_talk",
    "answer",
    "again",
    "motive",
    "motive_again",
    "remark",
    "explored",
    "answered",
    "dodged",
    "pressured",
    "objection",
    "accept",
    "when",
    "hesitate",
    "refuse",
    "goodbye",
    "farewell",
    "follow",
    "carry_on",
    "fallback",
    "hurry",
    "warning",
    "gone",
    "silence",
    "quiet_goodbye",
]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing the buyer does in a reply. `id` names the topic, objection, remark or small talk it is about."""

    kind: MoveKind
    id: str = ""
    words: str = ""
    """For a fallback: the rep's own words."""
    ends: EndReason | None = None
    also: tuple[str, ...] = ()
    """Topics that the same words answer."""


@dataclass(slots=True)
class ObjectionState:
    """Where one objection stands."""

    stage: Stage = "waiting"
    from_turn: int | None = None
    """The buyer's turn from which it may come up; none means only when triggered."""
    primed: bool = False
    """One of its words was heard, or the silence was long."""
    raised_turn: int = 0
    ideas: set[int] = field(default_factory=set)
    passed_over: int = 0
    dodges: int = 0


@dataclass(slots=True)
class CallState:
    """Everything a buyer remembers. Copied before each move, so that what was not heard can be taken back."""

    patience: int
    objections: dict[str, ObjectionState]
    turns: int = 0
    """The rep's turns so far; the buyer's opening is its turn 1, so this reply is its turn `turns + 1`."""
    asked: dict[str, int] = field(default_factory=dict)
    """How often each topic was answered."""
    discovered: set[str] = field(default_factory=set)
    reacted: set[str] = field(default_factory=set)
    """Remarks that had their reaction."""
    courtesies: set[str] = field(default_factory=set)
    """Small talk that was answered."""
    motive_told: bool = False
    last_topics: list[str] = field(default_factory=list)
    """The topics of the last reply that had any."""
    last_topics_turn: int = 0
    last_objection_turn: int = -9
    proposals: int = 0
    proposed_turn: int = -9
    wants_date: bool = False
    goal: str = ""
    """The outcome that was proposed last."""
    accepted: bool = False
    accepted_turn: int = 0
    refusals: int = 0
    pressures: int = 0
    warned_turn: int = -9
    warnings: int = 0
    hurried: bool = False
    prompts: int = 0
    prompted_at_s: float = 0.0
    ended: EndReason | None = None
    said: set[str] = field(default_factory=set)
    """Sentences spoken in this call, as `wording.key` writes them."""
    counts: dict[str, int] = field(default_factory=dict)
    """How often a kind of move was made."""

    def copy(self) -> CallState:
        return copy.deepcopy(self)

    def open_objection(self) -> str | None:
        """The objection that is on the table: raised, not settled."""
        for tag, objection in self.objections.items():
            if objection.stage in ("open", "explored"):
                return tag
        return None

    def settled(self) -> int:
        """How many objections were explored or answered."""
        return sum(o.stage in ("explored", "heard_out", "answered") for o in self.objections.values())

    def raised(self) -> int:
        return sum(o.stage not in ("waiting", "left_out") for o in self.objections.values())


def chance(seed: int, *about: object) -> float:
    """A number in [0, 1) that depends on the seed and what it is about, and on nothing else."""
    return random.Random(f"{seed}|{'|'.join(map(str, about))}").random()  # noqa: S311 -- variety, not secrecy
