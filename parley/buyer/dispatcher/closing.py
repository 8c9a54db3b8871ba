"""How a call ends: the goal proposed, dated, accepted, put off or refused; goodbyes."""

from __future__ import annotations

from parley.buyer.branching import Branching
from parley.buyer.dispatcher.objections import Objections
from parley.buyer.matcher import Reading
from parley.buyer.state import CallState, Move

REFUSE_AFTER = 2
"""Pressed so often, the buyer no longer hesitates but refuses."""
RECENT_TURNS = 3
"""A day named so soon after a proposal belongs to it."""
LINGER_TURNS = 2
"""Turns after the yes in which the buyer still answers questions before it says goodbye."""


class Closer:
    """Answers proposals and goodbyes."""

    def __init__(self, branching: Branching) -> None:
        self._closing = branching.closing
        self._patience = branching.patience

    def answer(self, reading: Reading, state: CallState, objections: Objections, outcome: Move | None) -> list[Move]:
        """The moves that close, or put off closing; empty when the turn does neither."""
        if state.accepted:
            return self._after_yes(reading, state)
        proposed = self._named(reading)
        lately = reading.proposes and state.turns - state.proposed_turn <= RECENT_TURNS
        dated_now = reading.names_a_time and (lately or (state.wants_date and not reading.of("topic")))
        if proposed or dated_now:
            goal = proposed or state.goal or self._closing.goal
            return self._proposal(goal, reading, state, objections, outcome)
        if reading.goodbye and not reading.asks:
            return [Move("farewell", ends="goodbye")]
        return []

    def _named(self, reading: Reading) -> str | None:
        """Which outcome the turn proposes; the better one when it names two."""
        return next((goal for goal in self._closing.goals if reading.has("goal", goal)), None)

    def _proposal(
        self, goal: str, reading: Reading, state: CallState, objections: Objections, outcome: Move | None
    ) -> list[Move]:
        if (outcome and outcome.kind == "pressured") or state.pressures >= REFUSE_AFTER:
            return [Move("refuse", goal)]
        open_tag = state.open_objection()
        settles = outcome is not None and outcome.kind in ("answered", "explored")
        if open_tag and state.objections[open_tag].stage == "open" and not settles:
            return [] if outcome else [Move("hesitate", goal)]
        if len(state.discovered) < self._closing.needs_topics:
            state.patience -= self._patience.cost("early_close")
            return [Move("hesitate", goal)]
        if state.settled() + settles < self._needed(state):
            objection = objections.next_up(state, quiet=not reading.lost_question, now=True)
            return [objection] if objection else [Move("hesitate", goal)]
        if self._closing.needs_date and not reading.names_a_time:
            return [Move("when", goal)]
        yes = Move("accept", goal)
        return [yes, Move("goodbye", ends="goal")] if reading.goodbye else [yes]

    def _needed(self, state: CallState) -> int:
        """How many objections must be settled: no more than this call has left to raise."""
        can_be = sum(o.stage not in ("left_out", "dropped") for o in state.objections.values())
        return min(self._closing.needs_objections, can_be)

    def _after_yes(self, reading: Reading, state: CallState) -> list[Move]:
        """After the yes the buyer answers what is still asked, then says goodbye."""
        asked = reading.of("topic") or reading.lost_question
        if asked and state.turns - state.accepted_turn < LINGER_TURNS and not reading.goodbye:
            return []
        return [Move("goodbye", ends="goal")]

    def commit(self, move: Move, state: CallState) -> None:
        """Apply the answer to a proposal."""
        state.proposals, state.proposed_turn, state.goal = state.proposals + 1, state.turns, move.id
        if move.kind == "accept":
            state.accepted, state.accepted_turn, state.wants_date = True, state.turns, False
        elif move.kind == "when":
            state.wants_date = True
        elif move.kind == "refuse":
            state.refusals += 1
        else:
            state.wants_date = False
