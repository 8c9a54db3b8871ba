"""The brief of a call: who the buyer is, what they say, and the seed that varies it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from parley.buyer.branching import Branching


class VoiceStyle(BaseModel):
    """How a persona sounds, relative to the base voice."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    pace: float = Field(default=1.0, ge=0.7, le=1.4, description="Speaking rate; 1.1 is 10 % faster.")
    pitch: float = Field(default=1.0, ge=0.6, le=1.8, description="Factor on the fundamental frequency.")
    formants: float = Field(
        default=1.0, ge=0.8, le=1.3, description="Factor on the spectral envelope; above 1 sounds smaller."
    )


class Persona(BaseModel):
    """Who the rep talks to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    age: int = Field(ge=18, le=110)
    gender: str
    work: str
    mood: str
    hidden_motive: str
    facts: dict[str, str] = Field(description="Named facts with their numbers, as the buyer would state them.")
    voice: VoiceStyle = VoiceStyle()


class BuyerBrief(BaseModel):
    """All that a buyer needs to play one call."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    scenario_key: str
    title: str
    persona: Persona
    branching: Branching
    seed: int
