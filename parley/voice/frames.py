"""The frames that Parley's own processors pass along the pipeline, in the order of a turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipecat.frames.frames import DataFrame

from parley.buyer.protocol import EndReason, ReplyPart, RepTurn


@dataclass
class RepTurnFrame(DataFrame):
    """The rep has finished a turn: ears to dispatcher."""

    turn: RepTurn


@dataclass
class BuyerLinesFrame(DataFrame):
    """The buyer speaks unasked (opening, after silence): call to dispatcher."""

    parts: list[ReplyPart]


@dataclass
class SayFrame(DataFrame):
    """One sentence for the buyer to say: dispatcher to mouth. Parts of one reply share `reply`."""

    reply: int
    part: ReplyPart


@dataclass
class ClauseFrame(DataFrame):
    """The audio that follows says `text` in `seconds`: mouth to tape, in step with the audio."""

    reply: int
    text: str
    seconds: float
    tags: tuple[str, ...] = field(default=())


@dataclass
class ReplyEndFrame(DataFrame):
    """Nothing more of this reply follows: dispatcher to tape, in step with the audio."""

    reply: int
    ends_call: EndReason | None = None
