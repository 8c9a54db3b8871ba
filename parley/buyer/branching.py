"""The branching of a scenario: what the buyer can be asked, objects to, hides, and how the call closes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Branching(BaseModel):
    model_config = ConfigDict(extra="forbid")
