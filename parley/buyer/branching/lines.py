"""What all parts of a branching are made of: names, spoken lines and phrases to listen for."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

_SLUG = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=60)]
"""A name for machines: lower case, digits, `-` and `_`."""

_SENTENCE_END = re.compile(r"[.!?…][\"')\]]?$")


def _spoken(line: str) -> str:
    text = " ".join(line.split())
    if not text:
        raise ValueError("a spoken line is empty; remove it or write what the buyer says")
    if not _SENTENCE_END.search(text):
        raise ValueError(f"the spoken line {text!r} must end with a full stop, a question mark or an exclamation mark")
    return text


def _heard(phrase: str) -> str:
    text = " ".join(phrase.split())
    if not text:
        raise ValueError("a phrase to listen for is empty; remove it or write how a rep would say it")
    return text


Line = Annotated[str, AfterValidator(_spoken)]
"""One thing the buyer may say: one to four sentences, each ended by a mark."""

Phrase = Annotated[str, AfterValidator(_heard)]
"""One way in which a rep may put it; matched by stems, synonyms and numbers, not letter by letter."""

Lines = Annotated[list[Line], Field(min_length=1)]
Phrases = Annotated[list[Phrase], Field(min_length=1)]
Clause = Annotated[str, AfterValidator(_heard)]
"""A bare clause without a full stop, for `Like I said, …`."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
