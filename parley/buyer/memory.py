"""What a buyer has said in its last reply, and how it is taken back when the rep did not hear it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parley.buyer.state import CallState
from parley.buyer.wording import key

HEARD_ENOUGH = 0.6
"""Share of the words after which something counts as said."""


@dataclass(slots=True)
class Said:
    """One thing that was said, with the state before it."""

    before: CallState
    parts: list[str] = field(default_factory=list)


class LastReply:
    """The last reply, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[Said] = []

    def begin(self) -> None:
        self._pieces = []

    def add(self, before: CallState, parts: Sequence[str]) -> None:
        """Note a piece that begins now."""
        self._pieces.append(Said(before.copy(), list(parts)))

    def extend(self, sentence: str) -> None:
        """A further sentence of the piece that was added last."""
        self._pieces[-1].parts.append(sentence)

    def state_after(self, heard: str) -> CallState | None:
        """The state when only `heard` was heard of the reply; none when all of it counts as said."""
        left = len(heard.split())
        for piece in self._pieces:
            length = sum(len(part.split()) for part in piece.parts)
            if left < HEARD_ENOUGH * length:
                state = piece.before.copy()
                state.said |= _whole_sentences(piece.parts, left)
                self._pieces = []
                return state
            left = max(0, left - length)
        return None


def _whole_sentences(parts: Sequence[str], words: int) -> set[str]:
    """Sentences heard in full stay said, even though the piece as a whole was not."""
    heard: set[str] = set()
    for part in parts:
        words -= len(part.split())
        if words < 0:
            break
        heard.add(key(part))
    return heard
