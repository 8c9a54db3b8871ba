"""The tone of words: an organisation may keep its reps' from being read at all, as some laws of work ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from parley.accounts.org_settings import org_settings


def as_allowed(transcript: list[dict[str, Any]], org_id: UUID) -> list[dict[str, Any]]:
    """The transcript as it may be kept: without the sentiment of the rep's words where the organisation reads none."""
    if org_settings(org_id).reads_emotion:
        return transcript
    return [
        {name: value for name, value in u.items() if name != "sentiment" or u["speaker"] != "rep"} for u in transcript
    ]
