"""What a call needs before it starts and what it hands on while it runs and at its end.

All times are seconds from call start (the moment the recorder starts). Published as JSON Schema under docs/reference/schemas/.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from parley.buyer.brief import BuyerBrief

Speaker = Literal["rep", "buyer"]
Source = Literal["live", "pass", "import", "typed"]
CallEnd = Literal[
    "goal", "patience", "goodbye", "silence", "rep_ended", "time_limit", "connection_lost", "server_stopped", "error"
]


class Word(BaseModel):
    """One recognised word with its times."""

    model_config = ConfigDict(frozen=True)
    w: str
    start: float
    end: float


class Utterance(BaseModel):
    """One uninterrupted stretch of speech by one speaker, cut to what was heard."""

    i: int
    speaker: Speaker
    start: float = Field(ge=0)
    end: float = Field(ge=0)
    text: str
    words: list[Word] | None = None
    heard_until: float | None = None
    tags: list[str] | None = None
    sentiment: float | None = Field(default=None, ge=-1, le=1)
    source: Source = "live"


class CallBrief(BaseModel):
    """All that the voice process needs to hold one call."""

    attempt_id: UUID
    org_id: UUID
    user_id: UUID
    buyer: BuyerBrief
    time_limit_s: float = Field(default=900, gt=0)
    reconnect_grace_s: float = Field(default=20, ge=0)
    resumed_at_s: float = Field(default=0, ge=0)
    """Above zero when another process takes over a call whose process died."""
    resumed_segment: int = Field(default=0, ge=0)
    """Index of the next recording segment when a call is taken over."""
    history: list[Utterance] = Field(default_factory=list)
    """What was kept of the call so far when it is taken over; the buyer is brought up to date from it."""


class CallRecord(BaseModel):
    """What happened in a finished call: transcript of record and how it went."""

    attempt_id: UUID
    started_at: datetime
    ended_at: datetime
    duration_s: float
    end_reason: CallEnd
    utterances: list[Utterance]
    latencies_ms: list[float] = Field(default_factory=list)
    """Voice to voice as measured at the server: end of the rep's speech to first buyer audio sent."""
    notes: list[str] = Field(default_factory=list)
    models: dict[str, str] = Field(default_factory=dict)
    """Names and hashes of the speech and language models used."""


class CallSink(Protocol):
    """Where a call is kept as it happens. Calls return when the thing is durable; voice never waits for them inside the audio path."""

    async def utterance(self, utterance: Utterance) -> None:
        """Keep a finished utterance; the same `i` again replaces it (the careful pass)."""
        ...

    async def audio(self, index: int, start_s: float, pcm: bytes) -> None:
        """Keep a segment of at most 10 s: 16-bit stereo interleaved PCM at 16 000 Hz, left rep, right buyer."""
        ...

    async def heartbeat(self) -> bool:
        """Say that the call is alive (about every 5 s); a sweep finishes calls that fall silent.

        False means that the rep asked to hang up by another way (`POST /api/calls/<id>/end`): end the call with `rep_ended`.
        """
        ...

    async def finished(self, record: CallRecord) -> None:
        """Close the call."""
        ...


class CallRefused(Exception):
    """A call token was not accepted. `code` is one of expired, used, unknown, busy, ended; the text is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CallDirectory(Protocol):
    """What the voice server asks of whoever owns attempts."""

    async def redeem(self, token: str) -> CallBrief:
        """Exchange a call token (once) for its brief. Raises CallRefused."""
        ...

    def sink(self, brief: CallBrief) -> CallSink:
        """Where this call is kept."""
        ...
