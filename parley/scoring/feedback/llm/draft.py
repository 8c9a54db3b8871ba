"""The shape in which a model writes feedback. Every field may be missing while it is still being written."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Draft(BaseModel):
    model_config = ConfigDict(extra="ignore")


class DraftQuote(_Draft):
    """Words that the model says were said."""

    i: int = Field(default=-1, description="Number of the utterance.")
    quote: str = Field(default="", description="Words copied from it exactly.")
    comment: str = Field(default="", description="What these words did.")


class DraftStrength(_Draft):
    """Something that went well, tied to a criterion that was earned."""

    criterion: str = Field(default="", description="Id of the criterion.")
    text: str = Field(default="", description="What exactly was good.")


class DraftTry(_Draft):
    """One thing to do differently, tied to a criterion that lost points."""

    criterion: str = Field(default="", description="Id of the criterion.")
    what: str = Field(default="", description="What to do differently.")
    say_instead: str = Field(default="", description="Words to say.")
    i: int = Field(default=-1, description="Number of the utterance that it would replace.")
    quote: str = Field(default="", description="Words of that utterance, copied exactly.")


class FeedbackDraft(_Draft):
    """Feedback on one call."""

    summary: str = ""
    quotes: list[DraftQuote] = Field(default_factory=list)
    strengths: list[DraftStrength] = Field(default_factory=list)
    try_this: DraftTry | None = None
    next_step: str = ""
