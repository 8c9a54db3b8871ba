"""What the calls API accepts."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from parley.voice.contracts import Utterance

LONGEST_S = 86_400
"""A day: what scoring takes."""


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

    @field_validator("utterances")
    @classmethod
    def _can_be_kept_and_measured(cls, utterances: list[Utterance]) -> list[Utterance]:
        for n, utterance in enumerate(utterances):
            said = [utterance.text, *(utterance.tags or []), *(word.w for word in utterance.words or [])]
            if any("\0" in text for text in said):
                raise ValueError(f"utterance {n} holds a NUL character (\\u0000); remove it")
            if any("\ud800" <= letter <= "\udfff" for text in said for letter in text):
                raise ValueError(f"utterance {n} holds half a character (a lone surrogate); remove it")
            if not utterance.start <= utterance.end <= LONGEST_S:
                raise ValueError(
                    f"utterance {n} runs from {utterance.start:g} to {utterance.end:g} s; "
                    f"its end must not lie before its start, nor after {LONGEST_S} s"
                )
        return utterances
