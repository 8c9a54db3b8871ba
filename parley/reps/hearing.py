"""What a rep makes of the buyer's reply: what any listener would notice, and the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parley.buyer.protocol import ReplyPart


@dataclass(frozen=True, slots=True)
class Heard:
    """One reply of the buyer, as far as it was heard."""

    text: str
    tags: tuple[str, ...]
    over: bool = False
    """The buyer hung up."""

    @classmethod
    def of(cls, parts: Sequence[ReplyPart]) -> Heard:
        tags = dict.fromkeys(tag for part in parts for tag in part.tags)
        return cls(" ".join(part.text for part in parts), tuple(tags), any(part.ends_call for part in parts))

    def about(self, kind: str) -> str | None:
        """The name after `kind:` in the buyer's tags, such as which objection was raised."""
        return next((tag.partition(":")[2] for tag in self.tags if tag.startswith(f"{kind}:")), None)

    @property
    def told_motive(self) -> bool:
        return "motive" in self.tags

    @property
    def agreed(self) -> bool:
        return self.about("goal") is not None

    @property
    def wants_a_date(self) -> bool:
        return self.about("when") is not None

    @property
    def holds_back(self) -> bool:
        """Not yet, or no."""
        return self.about("hesitate") is not None or self.about("refuse") is not None

    @property
    def asks(self) -> bool:
        return "?" in self.text

    def mentions(self, words: Sequence[str]) -> bool:
        """Any of these stands in what the buyer asked or said last, in any case and spelling of hyphens."""
        said = f" {_plain(self.text)} "
        return any(f" {_plain(word)} " in said for word in words)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))
