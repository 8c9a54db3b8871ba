"""What the calls API accepts."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from parley.voice.contracts import Utterance


class StartCall(BaseModel):
    """Body of POST /api/calls/start."""

    model_config = ConfigDict(extra="forbid")
    scenario: str = Field(min_length=1, max_length=80)
    consent: bool
    mode: Literal["practice", "official"] = "practice"
    kind: Literal["voice", "typed"] = "voice"
    seed: int | None = Field(default=None, ge=1, lt=2**31)


class TypedCall(BaseModel):
    """Body of POST /api/calls/<id>/transcript: what was typed on both sides."""

    model_config = ConfigDict(extra="forbid")
    utterances: list[Utterance] = Field(max_length=2000)
    end_reason: Literal["goal", "patience", "goodbye", "silence", "rep_ended", "time_limit"] = "rep_ended"
