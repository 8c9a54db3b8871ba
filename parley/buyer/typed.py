"""Practice by typing: the same buyer over a terminal or any other pair of lines in and lines out.

Times are made up from the number of words at 150 words per minute, so that a typed call has the shape of a spoken one;
utterances are marked `typed`, and measures of pace, patience and interruptions are not taken from them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from parley.buyer.protocol import Buyer, EndReason, ReplyPart, RepTurn

WORDS_PER_MINUTE = 150.0
GAP_S = 0.5
"""Pause between two turns (seconds)."""


@dataclass(slots=True)
class TypedUtterance:
    """One turn of a typed call, in the shape of the transcript contract."""

    i: int
    speaker: str
    start: float
    end: float
    text: str
    tags: list[str] = field(default_factory=list)
    source: str = "typed"

    def as_dict(self) -> dict[str, Any]:
        """The utterance as the transcript contract has it."""
        row: dict[str, Any] = {
            "i": self.i,
            "speaker": self.speaker,
            "start": round(self.start, 2),
            "end": round(self.end, 2),
            "text": self.text,
            "source": self.source,
        }
        if self.speaker == "buyer":
            row |= {"heard_until": round(self.end, 2), "tags": list(self.tags)}
        return row


class TypedCall:
    """A typed call with a clock of its own. `ended` says why the buyer hung up, if it did."""

    def __init__(self, buyer: Buyer) -> None:
        self._buyer = buyer
        self._clock_s = 0.0
        self._count = 0
        self.ended: EndReason | None = None

    def open(self) -> TypedUtterance | None:
        """The buyer's first words; none when it waits for the rep."""
        return self._buyer_says(self._buyer.open())

    async def say(self, text: str) -> list[TypedUtterance]:
        """The rep's turn and the buyer's answer to it."""
        rep = self._utterance("rep", text, [])
        parts = [part async for part in self._buyer.reply(RepTurn(text, rep.start, rep.end))]
        answer = self._buyer_says(parts)
        return [rep, answer] if answer else [rep]

    def _buyer_says(self, parts: list[ReplyPart]) -> TypedUtterance | None:
        if not parts:
            return None
        tags = list(dict.fromkeys(tag for part in parts for tag in part.tags))
        self.ended = next((part.ends_call for part in parts if part.ends_call), self.ended)
        return self._utterance("buyer", " ".join(part.text for part in parts), tags)

    def _utterance(self, speaker: str, text: str, tags: list[str]) -> TypedUtterance:
        start = self._clock_s
        end = start + max(1, len(text.split())) * 60.0 / WORDS_PER_MINUTE
        self._clock_s = end + GAP_S
        utterance = TypedUtterance(self._count, speaker, start, end, text, tags)
        self._count += 1
        return utterance


async def typed_call(
    buyer: Buyer, lines: Iterable[str], *, time_limit_s: float | None = None
) -> AsyncIterator[TypedUtterance]:
    """Hold a call over `lines`, one turn of the rep each, and yield every utterance as it comes.

    Ends when the buyer hangs up, when the lines end, or when the made-up clock passes `time_limit_s`. Reading may
    block, as a terminal does, so it happens in a thread. Blank lines are passed over.
    """
    call = TypedCall(buyer)
    if opening := call.open():
        yield opening
    waiting = iter(lines)
    while call.ended is None:
        line = await asyncio.to_thread(next, waiting, None)
        if line is None:
            return
        if not line.strip():
            continue
        for utterance in await call.say(line.strip()):
            yield utterance
            if time_limit_s is not None and utterance.end >= time_limit_s:
                return


def hold_typed_call(
    buyer: Buyer,
    lines: Iterable[str],
    show: Callable[[TypedUtterance], None] = lambda utterance: None,
    *,
    time_limit_s: float | None = None,
) -> list[TypedUtterance]:
    """`typed_call` from start to end for code without an event loop; `show` sees each utterance as it comes."""

    async def hold() -> list[TypedUtterance]:
        utterances: list[TypedUtterance] = []
        async for utterance in typed_call(buyer, lines, time_limit_s=time_limit_s):
            utterances.append(utterance)
            show(utterance)
        return utterances

    return asyncio.run(hold())
