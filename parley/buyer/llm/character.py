"""Keeps the model in its role: sentences cut from the stream, cleaned for speech, refused when they step out."""

from __future__ import annotations

import re

from parley.buyer.matcher.signals import any_of

_OUT_OF_ROLE = any_of(
    "as an? (?:ai|artificial|language|assistant|virtual)",
    "i(?:'m| am) (?:just )?an? (?:ai|artificial|language model|chat ?bot|virtual|assistant|bot|model|program|computer)",
    "language model",
    "system prompt",
    "my (?:instructions|prompt|programming|training data|guidelines)",
    "director'?s note",
    "role-?play(?:ing)?",
    "open ?ai",
    "chat ?gpt",
    "anthropic",
    "in this (?:scenario|simulation|exercise)",
    "how (?:can|may) i (?:help|assist) you",
    "i(?:'m| am) here to help",
    "stay(?:ing)? in character",
    "i can(?:no|')t (?:help|assist) with that",
    "training (?:call|exercise|session)",
)
_LABEL = re.compile(r"^\s*(?:buyer|customer|client|caller|prospect|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\s*:\s+")
_STAGE = re.compile(r"\*[^*]{0,80}\*|\([^)]{0,80}\)|\[[^\]]{0,80}\]|<[^>]{0,80}>")
_MARKS = re.compile(r"[*_`#>\"“”]+")
_NOT_SPOKEN = re.compile(r"[^\w\s.,!?;:'’$%&/…—–-]")
_END = re.compile(r"(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)[.!?…]+[\"”')]*(?=\s)|\n+")
LONGEST = 320
"""A sentence without an end is cut after so many characters."""


class SentenceCutter:
    """Cuts a stream of text into sentences as soon as each is complete."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[str]:
        """Sentences completed by `piece`."""
        self._rest += piece
        done: list[str] = []
        while match := _END.search(self._rest):
            done.append(self._rest[: match.end()])
            self._rest = self._rest[match.end() :]
        if len(self._rest) > LONGEST:
            head, _, self._rest = self._rest.rpartition(" ")
            done.append(head or self._rest)
            self._rest = self._rest if head else ""
        return done

    def finish(self) -> list[str]:
        """What is left at the end of the stream."""
        rest, self._rest = self._rest, ""
        return [rest] if rest.strip() else []


def for_speech(sentence: str) -> str:
    """The sentence without labels, stage directions and marks that a voice cannot say; may be empty."""
    text = _STAGE.sub(" ", sentence)
    text = _LABEL.sub("", text)
    text = _NOT_SPOKEN.sub(" ", _MARKS.sub("", text))
    text = re.sub(r"\bAPR\b", "A P R", " ".join(text.split()))
    if not re.search(r"\w", text):
        return ""
    return text if text[-1] in ".!?…" else text.rstrip(",;:-–— ") + "."


def in_character(sentence: str) -> bool:
    """The sentence could be said by a person on the phone who has never heard of prompts or models."""
    return not _OUT_OF_ROLE.search(sentence.replace("’", "'"))
