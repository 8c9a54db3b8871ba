"""Objections: when one may come up, and how the rep's turn treats the one on the table."""

from __future__ import annotations

from dataclasses import dataclass

from parley.buyer.branching import Branching, Objection
from parley.buyer.matcher import Handling, Matcher, Reading
from parley.buyer.state import CallState, Move, ObjectionState, chance

LEAVE_OUT = 0.4
"""Chance that the seed leaves an optional objection out of a call."""
FIRST_TURN = 2
"""The rep's turn in whose reply the first objection may come: the opening and one reply have been heard by then."""
APART = 2
"""Turns between two objections."""
PATIENT_TURNS = 2
"""Turns in which the rep may pass over an objection before the buyer says so."""

LAPSE_TURNS = 5
"""Turns after which an objection that was explored, but not answered, is let go."""


def objections_of_call(branching: Branching, seed: int) -> dict[str, ObjectionState]:
    """The objections of one call, in the order in which they would come up: the seed shifts and drops some."""
    states: dict[str, ObjectionState] = {}
    for objection in branching.objections:
        left_out = objection.optional and chance(seed, "leave out", objection.tag) < LEAVE_OUT
        turn = objection.trigger.after_turn
        if turn is not None:
            turn += int(chance(seed, "later", objection.tag) * 3)
        states[objection.tag] = ObjectionState(stage="left_out" if left_out else "waiting", from_turn=turn)
    order = sorted(states, key=lambda tag: (states[tag].from_turn or 99, chance(seed, "order", tag)))
    return {tag: states[tag] for tag in order}


@dataclass(frozen=True, slots=True)
class Treated:
    """How the rep took the objection on the table."""

    move: Move | None
    at: frozenset[int]
    """Clauses that dealt with it; they are not answered a second time as topics."""


class Objections:
    """Applies the objections of a branching to a call's state."""

    def __init__(self, branching: Branching, matcher: Matcher) -> None:
        self._by_tag = {o.tag: o for o in branching.objections}
        self._matcher = matcher

    def prime(self, reading: Reading, state: CallState) -> None:
        """Mark the objections whose words the rep has just said."""
        for tag, standing in state.objections.items():
            words = self._by_tag[tag].trigger.words
            if standing.stage == "waiting" and words and self._matcher.heard_words(reading, words):
                standing.primed = True

    def treat(self, reading: Reading, state: CallState) -> Treated:
        """What the buyer makes of the rep's turn when an objection is on the table."""
        tag = state.open_objection()
        if tag is None:
            return Treated(None, frozenset())
        standing, objection = state.objections[tag], self._by_tag[tag]
        handling = self._matcher.handling(reading, tag)
        standing.ideas |= handling.ideas
        if reading.pressured:
            return Treated(Move("pressured", tag), handling.at)
        if handling.ideas and len(standing.ideas) >= objection.resolve.answer_needed:
            return Treated(Move("answered", tag), handling.at)
        if handling.explored:
            return Treated(Move("explored", tag), handling.at)
        return Treated(self._passed_over(tag, standing, handling, reading), handling.at)

    def _passed_over(self, tag: str, standing: ObjectionState, handling: Handling, reading: Reading) -> Move | None:
        """The buyer says so when the rep goes on as if nothing had been said; courtesy and partial answers are fine."""
        if handling.ideas or handling.acknowledged or handling.explored or _is_courtesy(reading):
            return None
        standing.passed_over += 1
        if standing.passed_over < PATIENT_TURNS:
            return None
        standing.passed_over = 0
        return Move("dodged", tag) if standing.stage == "open" else None

    def next_up(self, state: CallState, *, quiet: bool, silence_s: float = 0.0, now: bool = False) -> Move | None:
        """The objection to raise in this reply, if this is a natural moment.

        `quiet`: nothing the rep asked is left unanswered. `now`: the rep proposes the goal, so that what is still on
        the buyer's mind comes out whether its turn has come or not.
        """
        if not quiet or state.turns < FIRST_TURN or state.accepted or state.open_objection():
            return None
        if state.turns - state.last_objection_turn < APART and not now:
            return None
        for tag, standing in sorted(state.objections.items(), key=lambda item: not item[1].primed):
            if standing.stage != "waiting":
                continue
            wait_s = self._by_tag[tag].trigger.silence_s
            due = standing.from_turn is not None and state.turns + 1 >= standing.from_turn
            silent = wait_s is not None and silence_s >= wait_s
            if standing.primed or due or silent or (now and standing.from_turn is not None):
                return Move("objection", tag)
        return None

    def commit(self, move: Move, state: CallState) -> None:
        """Apply a move about an objection to the state."""
        standing = state.objections[move.id]
        if move.kind == "objection":
            standing.stage, standing.raised_turn = "open", state.turns
            state.last_objection_turn = state.turns
        elif move.kind == "explored":
            standing.stage, standing.passed_over = "explored", 0
        elif move.kind == "answered":
            standing.stage = "answered"
            state.last_objection_turn = state.turns
        elif move.kind == "dodged":
            standing.dodges += 1
            if standing.dodges >= 2:
                standing.stage = "dropped"
        elif move.kind == "pressured":
            state.pressures += 1
            standing.passed_over = 0

    def lapse(self, state: CallState) -> None:
        """An objection that was explored and then left alone is no longer on the table after some turns."""
        for standing in state.objections.values():
            if standing.stage == "explored" and state.turns - standing.raised_turn >= LAPSE_TURNS:
                standing.stage = "heard_out"

    def find(self, tag: str) -> Objection:
        return self._by_tag[tag]


def _is_courtesy(reading: Reading) -> bool:
    """The turn only says `I understand`, `okay` and the like."""
    return bool(reading.things) and all(thing.kind == "small_talk" for thing in reading.things) and not reading.lost
