"""What the LLM buyer needs to reach its model. Read from nowhere: whoever builds a buyer passes it in."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class LLMSettings(BaseModel):
    """A model that speaks the OpenAI protocol."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    model: str = Field(default="gpt-4.1-mini", description="Name of the model at that address.")
    base_url: str | None = Field(default=None, description="Address ending in /v1; none means OpenAI's own.")
    api_key: str | None = Field(default=None, description="Key; local servers often need none.", repr=False)
    first_sentence_s: float = Field(
        default=3.0, gt=0, description="Without a first sentence after so many seconds the script covers the turn."
    )
    whole_reply_s: float = Field(default=20.0, gt=0, description="After so many seconds the reply is cut.")
    temperature: float = Field(default=0.7, ge=0, le=2)
