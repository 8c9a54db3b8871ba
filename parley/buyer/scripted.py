"""The scripted buyer: follows the branching in the scenario's own lines. The embedded default; needs no model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from parley.buyer.brief import BuyerBrief
from parley.buyer.dispatcher import Dispatcher, tags_for
from parley.buyer.protocol import ReplyPart, RepTurn
from parley.buyer.state import CallState, Move
from parley.buyer.wording import Wording, key, sentences

HEARD_ENOUGH = 0.6
"""Share of a move's words after which it counts as said."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A move as it was said, with the state before it."""

    before: CallState
    parts: tuple[str, ...]


class ScriptedBuyer:
    """Plays one call. Deterministic: the same brief (with its seed) and the same turns give the same parts."""

    def __init__(self, brief: BuyerBrief) -> None:
        self._wording = Wording(brief.branching, brief.seed)
        self.dispatcher = Dispatcher(brief.branching, brief.seed)
        self._reply: list[_Spoken] = []

    def open(self) -> list[ReplyPart]:
        """The opening line."""
        self._reply = []
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
        self._reply = []
        yield from self.speak(moves)

    def on_silence(self, silent_s: float) -> list[ReplyPart]:
        """What to say after a silence; empty means keep waiting."""
        if self.dispatcher.state.ended:
            return []
        moves = self.dispatcher.silent(silent_s)
        if not moves:
            return []
        self._reply = []
        return list(self.speak(moves))

    def heard(self, text: str) -> None:
        """Of the last reply only `text` was heard: take back what was not."""
        left = len(text.split())
        for spoken in self._reply:
            length = sum(len(part.split()) for part in spoken.parts)
            if left < HEARD_ENOUGH * length:
                self.dispatcher.state = spoken.before.copy()
                self._remember_partly(spoken.parts, left)
                self._reply = []
                return
            left = max(0, left - length)

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
        self._reply.append(_Spoken(self.dispatcher.state.copy(), parts))
        self.dispatcher.commit(move)
        self.dispatcher.state.said.update(key(part) for part in parts)
        tags = tags_for(move)
        for n, part in enumerate(parts):
            yield ReplyPart(part, tags, move.ends if n == len(parts) - 1 else None)

    def _remember_partly(self, parts: tuple[str, ...], heard_words: int) -> None:
        """Sentences that were heard in full stay said, even though the move as a whole was not."""
        for part in parts:
            heard_words -= len(part.split())
            if heard_words < 0:
                return
            self.dispatcher.state.said.add(key(part))


def fixed_lines(brief: BuyerBrief) -> list[str]:
    """Every sentence that the scripted buyer may speak as it stands: to be rendered ahead and kept by hash."""
    lines = Wording(brief.branching, brief.seed).all_lines()
    return list(dict.fromkeys(part for line in lines for part in sentences(line)))
