"""The dispatcher: a turn of the rep in, the buyer's moves out."""

from __future__ import annotations

from dataclasses import replace

from parley.buyer.branching import Branching
from parley.buyer.dispatcher.closing import Closer
from parley.buyer.dispatcher.objections import Objections, objections_of_call
from parley.buyer.matcher import Reading, Understood, matcher_for
from parley.buyer.protocol import RepTurn
from parley.buyer.state import CallState, Move, MoveKind, chance
from parley.buyer.wording import salient

MAX_ANSWERS = 3
"""Questions answered in one reply; a person keeps no more in mind."""
MONOLOGUE_S = 60.0
"""A turn longer than this tires the buyer (seconds)."""
MONOLOGUE_WORDS = 170
"""The same in words, for turns without times: about a minute at 170 words per minute."""
LOW_PATIENCE = 0.35
"""Share of the starting patience below which the buyer warns."""
_HOUSEKEEPING = frozenset({"greeting", "identity", "recording", "permission"})
_SETTLING = frozenset({"accept", "hesitate", "when", "refuse", "objection"})
_ALONE = frozenset({"yes", "no", "okay", "thanks", "hold-on", "empathy"})
_TALK_SHOWN = frozenset(
    {"recording", "identity", "how-are-you", "personal", "robot", "name", "can-you-hear", "good-time"}
)


class Dispatcher:
    """Decides for one call. `state` is public so that a buyer can take back what was not heard."""

    def __init__(self, branching: Branching, seed: int) -> None:
        self._branching = branching
        self._seed = seed
        self._matcher = matcher_for(branching)
        self._topics = {t.id: t for t in branching.topics}
        self._objections = Objections(branching, self._matcher)
        self._closer = Closer(branching)
        self._clock_s = 0.0
        self.state = CallState(
            patience=max(4, branching.patience.start + int(chance(seed, "patience") * 3) - 1),
            objections=objections_of_call(branching, seed),
        )

    def hear(self, turn: RepTurn) -> list[Move]:
        """The moves of the reply to `turn`, in the order in which they are said. Their effects come with `commit`."""
        state = self.state
        state.turns += 1
        state.prompts, state.prompted_at_s = 0, 0.0
        reading = self._matcher.read(turn.text)
        moves = self._interrupted(turn)
        if reading.odd:
            self._pay("odd")
            return self._seal([*moves, Move("odd")])
        if reading.rude:
            self._pay("rude")
            return self._seal([*moves, Move("rude")])
        if reading.unheard:
            self._pay("unheard")
            return self._seal([*moves, Move("unheard")])
        self._objections.prime(reading, state)
        self._objections.lapse(state)
        moves += self._reply_to(reading, turn)
        return self._seal(moves)

    def _reply_to(self, reading: Reading, turn: RepTurn) -> list[Move]:
        state = self.state
        treated = self._objections.treat(reading, state)
        outcome = treated.move
        if outcome:
            self._charge(outcome)
            covered = (t.id for t in reading.of("topic") if t.asked and t.at in treated.at and t.id in self._topics)
            outcome = replace(outcome, also=tuple(covered)) if outcome.kind == "explored" else outcome
        elif reading.pressured:
            state.pressures += 1
            self._pay("pressured")
            return [Move("warning")]
        if outcome and outcome.kind == "answered" and self._objections.find(outcome.id).ends_call:
            return [outcome, Move("farewell", ends="goodbye")]
        closing = self._closer.answer(reading, state, self._objections, outcome)
        answers = self._answers(reading, treated.at, outcome)
        talk = self._small_talk(reading, treated.at, bool(answers or closing or outcome))
        remarks = [] if outcome or closing or len(answers) > 1 else self._remarks(reading, treated.at)
        moves = [*talk, *([outcome] if outcome else []), *answers, *remarks, *closing]
        if reading.lost_question and not answers and not closing and not (outcome and treated.at):
            self._pay("fallback")
            moves.append(Move("fallback", words=salient(_lost_words(reading), reading.text)))
        elif _is_long(turn, reading) and not closing:
            self._pay("monologue")
            moves.append(Move("enough"))
        if any(move.ends for move in moves):
            return moves
        return [*moves, *self._initiative(reading, moves, outcome)]

    def _interrupted(self, turn: RepTurn) -> list[Move]:
        if not turn.interrupted:
            return []
        self._pay("interrupted")
        times = self.state.counts.get("interrupted_by_rep", 0) + 1
        self.state.counts["interrupted_by_rep"] = times
        return [Move("interrupted")] if times % 2 == 1 else []

    def _answers(self, reading: Reading, dealt_with: frozenset[int], outcome: Move | None) -> list[Move]:
        """Answers to what was asked; what an objection's outcome already says is only noted as covered."""
        state = self.state
        asked = [t for t in reading.of("topic") if t.id in self._topics]
        if outcome and outcome.kind == "explored":
            asked = [t for t in asked if t.at not in dealt_with]
        elif outcome and outcome.kind == "answered":
            asked = [t for t in asked if t.asked or t.at not in dealt_with]
        elif outcome and outcome.kind == "pressured":
            asked = []
        openers = [t for t in asked if self._topics[t.id].opens_motive]
        wants_motive = bool(openers or reading.of("cue"))
        if state.motive_told and len(asked) > len(openers):
            wants_motive, asked = False, [t for t in asked if t not in openers]
        moves: list[Move] = []
        if wants_motive and self._motive_is_ripe(asked):
            kind: MoveKind = "motive_again" if state.motive_told else "motive"
            moves.append(Move(kind, "motive", also=tuple(t.id for t in openers)))
            asked = [t for t in asked if t not in openers]
        moves.extend(self._answer(thing) for thing in asked[: MAX_ANSWERS - len(moves)])
        return moves or self._once_more(reading)

    def _answer(self, thing: Understood) -> Move:
        times = self.state.asked.get(thing.id, 0)
        if times >= 2:
            self._pay("repeated")
        return Move("again" if times else "answer", thing.id)

    def _motive_is_ripe(self, asked: list[Understood]) -> bool:
        found = self.state.discovered | {t.id for t in asked if self._topics[t.id].discovery}
        found = {topic_id for topic_id in found if not self._topics[topic_id].opens_motive}
        return self.state.motive_told or len(found) >= self._branching.motive.needs

    def _once_more(self, reading: Reading) -> list[Move]:
        """`Can you repeat that?` and `Tell me more` go back to what the buyer said last."""
        last = self.state.last_topics
        table = self.state.open_objection()
        if (
            reading.has("small_talk", "repeat")
            and table
            and self.state.objections[table].raised_turn == self.state.turns - 1
        ):
            return [Move("objection", table)]
        if reading.has("small_talk", "repeat") and last:
            return [Move("again", topic_id) for topic_id in last[:2]]
        if (
            reading.has("small_talk", "more")
            and last
            and self._topics[last[-1]].opens_motive
            and self._motive_is_ripe([])
        ):
            return [Move("motive_again" if self.state.motive_told else "motive", "motive")]
        return []

    def _small_talk(self, reading: Reading, dealt_with: frozenset[int], busy: bool) -> list[Move]:
        """Courtesies: when there is matter to answer, only those that ask for an answer of their own."""
        talk = [t for t in reading.of("small_talk") if t.id not in self._done_once and t.at not in dealt_with]
        shown = [t for t in talk if t.id in _TALK_SHOWN]
        if not shown and not busy and not reading.of("remark"):
            shown = [t for t in talk if t.id not in ("yes", "no", "okay")]
            shown = [t for t in shown if t.id not in ("repeat", "more") or not self._once_more(reading)]
        if busy:
            shown = [t for t in shown if t.id in ("recording", "how-are-you", "personal", "robot")][:1]
        if any(t.id == "personal" for t in shown):
            self._pay("rude")
        shown = sorted(shown, key=lambda t: not t.asked)[:2]
        return [Move("small_talk", t.id) for t in sorted(shown, key=lambda t: t.at)]

    @property
    def _done_once(self) -> set[str]:
        """Courtesies that need no answer: the goodbye, which the closing answers, and housekeeping that was done."""
        return {"goodbye"} | (self.state.courtesies & _HOUSEKEEPING)

    def _remarks(self, reading: Reading, dealt_with: frozenset[int]) -> list[Move]:
        """A reaction to what the rep stated most clearly; new statements before those that had their reaction."""
        remarks = [t for t in reading.of("remark") if t.at not in dealt_with]
        best = max(remarks, key=lambda t: (t.id not in self.state.reacted, not t.beside, t.score), default=None)
        return [Move("remark", best.id)] if best else []

    def _initiative(self, reading: Reading, moves: list[Move], outcome: Move | None) -> list[Move]:
        """What the buyer says of its own accord, at most one thing, and never over an unanswered question."""
        state = self.state
        unanswered = reading.lost_question or len(reading.of("topic")) > MAX_ANSWERS
        calm = not outcome and not state.accepted and not any(m.kind in _SETTLING for m in moves)
        if calm:
            several = sum(m.kind in ("answer", "again", "motive") for m in moves) > 1
            if not several and (objection := self._objections.next_up(state, quiet=not unanswered)):
                return [objection]
        hurry = self._branching.hurry
        if hurry and not state.hurried and self._clock_s >= hurry.after_s and not unanswered:
            return [Move("hurry")]
        if not moves or all(m.kind == "interrupted" for m in moves):
            return self._keep_going(reading)
        if reading.has("small_talk", "questions") or self._is_idle(reading, moves):
            return [Move("carry_on")]
        return []

    def _keep_going(self, reading: Reading) -> list[Move]:
        """The rep said nothing that wants an answer: nod, and ask something every other time."""
        if reading.lost and not reading.of("small_talk"):
            ask = chance(self._seed, "ask", self.state.turns) < 0.5
            return [Move("follow"), Move("carry_on")] if ask else [Move("follow")]
        return [Move("carry_on")]

    def _is_idle(self, reading: Reading, moves: list[Move]) -> bool:
        """The turn was a nod and a courtesy; somebody has to move the call on."""
        nods = bool(reading.things) and all(t.kind == "small_talk" and t.id in _ALONE for t in reading.things)
        reacted = all(m.kind == "remark" for m in moves) and chance(self._seed, "idle", self.state.turns) < 0.45
        return not reading.asks and (nods or reacted) and not self.state.accepted

    def tick(self, now_s: float) -> None:
        """Tell the dispatcher the time: seconds from call start."""
        self._clock_s = max(self._clock_s, now_s)

    def _seal(self, moves: list[Move]) -> list[Move]:
        """Let patience have the last word."""
        state, patience = self.state, self._branching.patience
        if state.patience <= 0 and not any(m.ends or m.kind == "accept" for m in moves):
            kept = [m for m in moves if m.kind in ("rude", "odd", "pressured", "interrupted")][:1]
            return [*kept, Move("gone", ends="patience")]
        low = state.patience <= LOW_PATIENCE * patience.start
        asks = any(m.kind in ("objection", "carry_on", "hesitate", "when", "accept") or m.ends for m in moves)
        if low and not asks and state.turns - state.warned_turn >= 3 and state.warnings < 2:
            return [*moves, Move("warning")]
        return moves

    def _charge(self, outcome: Move) -> None:
        if outcome.kind in ("dodged", "pressured"):
            self._pay(outcome.kind)
        elif outcome.kind in ("explored", "answered"):
            self.state.patience = min(self.state.patience + 1, self._branching.patience.start + 1)

    def forgive(self, cause: str) -> None:
        """Give back what `cause` has just cost."""
        self.state.patience += self._branching.patience.cost(cause)

    def _pay(self, cause: str) -> None:
        self.state.patience -= self._branching.patience.cost(cause)

    def silent(self, silent_s: float) -> list[Move]:
        """The moves after `silent_s` seconds in which nobody spoke; empty means keep waiting."""
        state = self.state
        since = silent_s - state.prompted_at_s if silent_s >= state.prompted_at_s else silent_s
        if state.accepted:
            return [Move("goodbye", ends="goal")] if since >= 4.0 else []
        if state.turns and state.prompts == 0:
            objection = self._objections.next_up(state, quiet=True, silence_s=since)
            waits = objection and self._objections.find(objection.id).trigger.silence_s
            if objection and waits and since >= waits:
                state.prompted_at_s = silent_s
                return [objection]
        if since < 7.0 + 2.0 * chance(self._seed, "silence", state.turns, state.prompts):
            return []
        state.prompted_at_s = silent_s
        if state.prompts >= 2:
            return [Move("quiet_goodbye", ends="silence")]
        return [Move("silence")]

    def commit(self, move: Move) -> None:
        """Apply the effect of a move: it is being said now."""
        state = self.state
        state.counts[move.kind] = state.counts.get(move.kind, 0) + 1
        if move.kind in ("answer", "again", "motive"):
            if move.kind == "motive":
                state.motive_told = True
            else:
                self._cover(move.id)
        elif move.kind in ("objection", "explored", "answered", "dodged", "pressured"):
            self._objections.commit(move, state)
        elif move.kind == "remark":
            state.reacted.add(move.id)
        elif move.kind == "small_talk":
            state.courtesies.add(move.id)
        elif move.kind in ("accept", "when", "hesitate", "refuse"):
            self._closer.commit(move, state)
        elif move.kind == "warning":
            state.warned_turn, state.warnings = state.turns, state.warnings + 1
        elif move.kind == "hurry":
            state.hurried = True
        elif move.kind == "silence":
            state.prompts += 1
        for topic_id in move.also:
            self._cover(topic_id)
        if move.ends:
            state.ended = move.ends

    def _cover(self, topic_id: str) -> None:
        state = self.state
        state.asked[topic_id] = state.asked.get(topic_id, 0) + 1
        if state.last_topics_turn != state.turns:
            state.last_topics, state.last_topics_turn = [], state.turns
        state.last_topics.append(topic_id)
        if self._topics[topic_id].discovery:
            state.discovered.add(topic_id)


def _is_long(turn: RepTurn, reading: Reading) -> bool:
    return turn.end_s - turn.start_s > MONOLOGUE_S or len(reading.words) > MONOLOGUE_WORDS


def _lost_words(reading: Reading) -> tuple[str, ...]:
    return max(reading.lost, key=lambda words: sum(map(len, words)))
