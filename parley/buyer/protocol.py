"""What every buyer promises, scripted or LLM: a turn of the rep in, parts of a reply out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

EndReason = Literal["goal", "patience", "goodbye", "silence"]


@dataclass(frozen=True, slots=True)
class RepTurn:
    """What the rep said in one turn. Times are seconds from call start."""

    text: str
    start_s: float
    end_s: float
    interrupted: bool = False
    """The rep began while the buyer was still speaking and took the floor."""


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """One sentence of the buyer's reply, ready to be spoken.

    `tags` say what the buyer does with it: `opening`, `topic:<id>`, `objection:<tag>`, `resolved:<tag>`,
    `motive`, `goal:<id>`, `fallback`, `prompt` (after silence), `closing:<reason>`; further `explored:<tag>`,
    `dodged:<tag>`, `pressured:<tag>`, `remark:<id>`, `small_talk:<id>`, `hesitate:<goal>`, `when:<goal>`,
    `refuse:<goal>`, `again`, `carry_on`, `follow`, `warning`, `interrupted`,
    `unheard`, `rude`, `odd`, `enough`, `hurry`, `free` (a model answered what the script could not follow).
    """

    text: str
    tags: tuple[str, ...] = field(default=())
    ends_call: EndReason | None = None
    """Set on the last part of the call: when it has been spoken, the buyer hangs up."""


class Buyer(Protocol):
    """One buyer in one call. Same seed and same turns give the same parts (the LLM buyer excepted)."""

    def open(self) -> list[ReplyPart]:
        """The opening line: the buyer answers the phone or begins."""
        ...

    def reply(self, turn: RepTurn) -> AsyncIterator[ReplyPart]:
        """Answer a turn, part by part as they are ready."""
        ...

    def on_silence(self, silent_s: float) -> list[ReplyPart]:
        """Parts to say after `silent_s` seconds in which nobody spoke; empty means keep waiting.

        The voice loop asks about once a second; repeated silence ends the call politely (`ends_call="silence"`).
        """
        ...

    def heard(self, text: str) -> None:
        """The rep interrupted: of the last reply only `text` was heard. What was not heard counts as not said."""
        ...

    @property
    def notes(self) -> list[str]:
        """What the attempt should say about this buyer: `The language model was slow; the script covered turn 4.`"""
        ...
