"""What a call needs before it starts and what it hands on while it runs and at its end.

All times are seconds from call start (the moment the recorder starts). Published as JSON Schema under
docs/reference/schemas/.
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
    confidence: float | None = Field(default=None, ge=0, le=1)
    """How sure the recogniser is of the words; absent where nothing had to be recognised."""
    source: Source = "live"


class CallBrief(BaseModel):
    """All that the voice process needs to hold one call."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    attempt_id: UUID = Field(examples=["0b6f3c1e-5a51-4f0e-9a53-1f8f5f6f4a10"])
    """The attempt that this call is."""
    org_id: UUID = Field(examples=["6c1d1f0e-8a0a-4a53-8c55-9d1b0f1f6f02"])
    """The organisation that owns the attempt."""
    user_id: UUID = Field(examples=["f2f4c2de-0f6a-4b0a-9a0d-2b8c35d7a9c3"])
    """The rep."""
    buyer: BuyerBrief
    """Who the rep talks to."""
    time_limit_s: float = Field(default=900, gt=0, examples=[900])
    """The call ends when it has lasted this long."""
    reconnect_grace_s: float = Field(default=20, ge=0, examples=[20])
    """How long a call waits for a lost connection to come back."""
    resumed_at_s: float = Field(default=0, ge=0, examples=[0, 83.5])
    """Above zero when another process takes over a call whose process died."""
    resumed_segment: int = Field(default=0, ge=0, examples=[0, 21])
    """Index of the next recording segment when a call is taken over."""
    history: list[Utterance] = Field(default_factory=list, examples=[[]])
    """What was kept of the call so far when it is taken over; the buyer is brought up to date from it."""


class CallRecord(BaseModel):
    """What happened in a finished call: transcript of record and how it went."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    attempt_id: UUID = Field(examples=["0b6f3c1e-5a51-4f0e-9a53-1f8f5f6f4a10"])
    """The attempt that this call was."""
    started_at: datetime = Field(examples=["2026-11-23T09:30:00Z"])
    """When the recorder started: second 0 of every time below."""
    ended_at: datetime = Field(examples=["2026-11-23T09:35:12Z"])
    """When the call ended."""
    duration_s: float = Field(examples=[312.4])
    """Length of the recording."""
    end_reason: CallEnd = Field(examples=["goal"])
    """Why it ended; `goal`, `patience`, `goodbye` and `silence` are the buyer's doing."""
    utterances: list[Utterance] = Field(
        examples=[
            [
                {
                    "i": 0,
                    "speaker": "buyer",
                    "start": 0.1,
                    "end": 2.1,
                    "text": "Hi, this is Marcus.",
                    "heard_until": 2.1,
                    "tags": ["opening"],
                    "sentiment": 0.0,
                    "source": "live",
                }
            ]
        ]
    )
    """By start, then rep first, numbered from 0."""
    latencies_ms: list[float] = Field(default_factory=list, examples=[[498.0, 512.5]])
    """Voice to voice as measured at the server: end of the rep's speech to first buyer audio sent."""
    notes: list[str] = Field(
        default_factory=list, examples=[["The language model was slow; the script covered turn 4."]]
    )
    """What the attempt should say about itself."""
    models: dict[str, str] = Field(default_factory=dict, examples=[{"stt": "tiny.en sha256:1a5afae06a4d…"}])
    """Names and hashes of the speech and language models used."""


class CallSink(Protocol):
    """Where a call is kept as it happens. Calls return when the thing is durable; the audio never waits for them."""

    async def utterance(self, utterance: Utterance) -> None:
        """Keep a finished utterance; the same `i` again replaces it (the careful pass)."""
        ...

    async def audio(self, index: int, start_s: float, pcm: bytes) -> None:
        """Keep a segment of at most 10 s: 16-bit stereo interleaved PCM at 16 000 Hz, left rep, right buyer."""
        ...

    async def heartbeat(self) -> bool:
        """Say that the call is alive (about every 5 s); a sweep finishes calls that fall silent.

        False means that the rep asked to hang up by another way (`POST /api/calls/<id>/end`): end the call with
        `rep_ended`.
        """
        ...

    async def finished(self, record: CallRecord) -> None:
        """Close the call."""
        ...


class CallRefused(Exception):
    """A call token was not accepted. `code`: expired, used, unknown, busy, ended, full; the text is for the person."""

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
