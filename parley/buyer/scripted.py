"""The scripted buyer: follows the branching in the scenario's own lines. The embedded default; needs no model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from parley.buyer.brief import BuyerBrief
from parley.buyer.dispatcher import Dispatcher, tags_for
from parley.buyer.memory import LastReply
from parley.buyer.protocol import ReplyPart, RepTurn
from parley.buyer.state import Move
from parley.buyer.wording import Wording, key, sentences


class ScriptedBuyer:
    """Plays one call. Deterministic: the same brief (with its seed) and the same turns give the same parts."""

    def __init__(self, brief: BuyerBrief) -> None:
        self._wording = Wording(brief.branching, brief.seed)
        self.dispatcher = Dispatcher(brief.branching, brief.seed)
        self.last_reply = LastReply()

    def open(self) -> list[ReplyPart]:
        """The opening line."""
        self.last_reply.begin()
        return list(self.speak([Move("opening")]))

    async def reply(self, turn: RepTurn) -> AsyncIterator[ReplyPart]:
        """Answer a turn, part by part; nothing once the buyer has hung up."""
        for part in self.answer(turn):
            yield part

    def answer(self, turn: RepTurn) -> Iterator[ReplyPart]:
        """`reply` without the event loop."""
        if self.dispatcher.state.ended:
            return
        self.dispatcher.tick(turn.end_s)
        moves = self.dispatcher.hear(turn)
        self.last_reply.begin()
        yield from self.speak(moves)

    def on_silence(self, silent_s: float) -> list[ReplyPart]:
        """What to say after a silence; empty means keep waiting."""
        if self.dispatcher.state.ended:
            return []
        moves = self.dispatcher.silent(silent_s)
        if not moves:
            return []
        self.last_reply.begin()
        return list(self.speak(moves))

    def heard(self, text: str) -> None:
        """Of the last reply only `text` was heard: take back what was not."""
        state = self.last_reply.state_after(text)
        if state is not None:
            self.dispatcher.state = state

    @property
    def notes(self) -> list[str]:
        """The scripted buyer has nothing to excuse."""
        return []

    def speak(self, moves: list[Move]) -> Iterator[ReplyPart]:
        """Put moves into words, one part a sentence; the effect of a move is there once its first part is out."""
        said_something = False
        for move in moves:
            text = self._wording.words_for(move, self.dispatcher.state)
            if not text and not move.ends:
                continue
            said_something = True
            yield from self._say(move, text or "Bye.")
        if not said_something:
            follow = Move("follow")
            yield from self._say(follow, self._wording.words_for(follow, self.dispatcher.state))

    def _say(self, move: Move, text: str) -> Iterator[ReplyPart]:
        parts = tuple(sentences(text))
        self.last_reply.add(self.dispatcher.state, parts)
        self.dispatcher.commit(move)
        self.dispatcher.state.said.update(key(part) for part in parts)
        tags = tags_for(move)
        for n, part in enumerate(parts):
            yield ReplyPart(part, tags, move.ends if n == len(parts) - 1 else None)


def fixed_lines(brief: BuyerBrief) -> list[str]:
    """Every sentence that the scripted buyer may speak as it stands: to be rendered ahead and kept by hash."""
    lines = Wording(brief.branching, brief.seed).all_lines()
    return list(dict.fromkeys(part for line in lines for part in sentences(line)))
