"""A practice scenario drafted from a real call: persona, opening and objections in the buyer's own words."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class DraftObjection(_Part):
    """A doubt that the buyer voiced."""

    label: str = ""
    line: str = Field(default="", description="The buyer's words.")
    explore: list[str] = Field(default_factory=list, description="Questions that find out what is behind it.")
    answer: list[str] = Field(default_factory=list, description="Statements that would settle it.")


class CallDraft(_Part):
    """What a call tells about its buyer. Whatever is empty stays as the scenario has it that the call was scored by."""

    name: str = ""
    mood: str = ""
    motive: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    opening: str = ""
    objections: list[DraftObjection] = Field(default_factory=list)


def draft_key(attempt_id: UUID) -> str:
    """The key of the scenario that is drafted from a call."""
    return f"from-call-{attempt_id.hex[:12]}"
