"""A transcript as a conversation: utterances in order, turns without back-channels, sentences with their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from benchmarks.reference.questions import question_kind
from benchmarks.reference.spelling import plain

_LISTENING = {
    *[
        "yeah",
        "yes",
        "yep",
        "yup",
        "ok",
        "okay",
        "right",
        "sure",
        "gotcha",
        "great",
        "good",
        "nice",
        "cool",
        "oh",
        "ah",
        "wow",
        "really",
        "true",
        "exactly",
        "alright",
        "perfect",
    ],
    *["understood", "interesting", "mhm"],
    "uh huh",
    "i see",
    "got it",
    "all right",
    "go on",
    "makes sense",
    "of course",
    "fair enough",
}
_AGAIN = {"yeah", "yes", "yep", "ok", "okay", "right", "sure", "great", "good"}
_NOT_MEANT = {
    "|",
    "zzgap",
    "let",
    "us",
    "would",
    "could",
    "like",
    "get",
    "got",
    "go",
    "want",
    "know",
    "also",
    "okay",
    "say",
}


def exact(value: Any) -> Decimal:
    """A number of a JSON document, as written."""
    return Decimal(str(value))


def rounded(value: Decimal | None, places: int) -> Decimal | None:
    """Half away from zero."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass
class Said:
    """One utterance. Times in seconds."""

    n: int
    i: int
    speaker: str
    start: Decimal
    end: Decimal
    planned_end: Decimal
    text: str
    words: list[dict[str, Any]] | None
    tags: list[str]
    sentiment: Decimal | None
    aside: bool = False
    turn: int = 0

    @property
    def word_count(self) -> int:
        return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", self.text))


@dataclass
class Sentence:
    """One sentence of an utterance, with its stems."""

    sn: int
    of: Said
    quote: str
    plain: str
    stems: list[str] = field(default_factory=list)
    content: set[str] = field(default_factory=set)

    @property
    def rep(self) -> bool:
        return self.of.speaker == "rep"

    @property
    def question(self) -> str | None:
        return question_kind(self.quote, self.plain) if self.rep else None


class Call:
    """A call, ready to be measured."""

    def __init__(self, transcript: list[dict[str, Any]], stem: Callable[[str], str | None]) -> None:
        self.typed = any(u.get("source") == "typed" for u in transcript)
        self._stem = stem
        self.said = _in_order(transcript)
        _mark_asides(self.said)
        self.sentences: list[Sentence] = []
        for u in self.said:
            for quote in split(u.text):
                words = plain(quote)
                self.sentences.append(Sentence(len(self.sentences) + 1, u, quote, words, *self.stems(words)))

    def stems(self, words: str) -> tuple[list[str], set[str]]:
        """The stems of plain words in order, and those that carry meaning."""
        tokens = [w for w in words.split(" ") if w]
        found = [(w, self._stem(w)) for w in tokens]
        return [s or w for w, s in found], {s for w, s in found if s and w not in _NOT_MEANT}

    @property
    def turns(self) -> list[list[Said]]:
        """What each speaker said until the other took the floor, back-channels left out."""
        talk = [u for u in self.said if not u.aside]
        return [list(group) for _, group in groupby(talk, key=lambda u: u.turn)]

    def of(self, speaker: str) -> list[Said]:
        return [u for u in self.said if u.speaker == speaker]


def _in_order(transcript: list[dict[str, Any]]) -> list[Said]:
    heard = [(at, u) for at, u in enumerate(transcript) if re.search(r"\w", u["text"])]
    heard.sort(key=lambda x: (exact(x[1]["start"]), x[1]["speaker"] == "buyer", x[0]))
    found = []
    for n, (at, u) in enumerate(heard, start=1):
        start, end = exact(u["start"]), exact(u["end"])
        until = max(start, min(end, exact(u["heard_until"]))) if u.get("heard_until") is not None else end
        mood = None if u.get("sentiment") is None else max(Decimal(-1), min(Decimal(1), exact(u["sentiment"])))
        times = [rounded(x, 3) or Decimal(0) for x in (start, until, end)]
        found.append(
            Said(
                n,
                u.get("i", at),
                u["speaker"],
                times[0],
                times[1],
                times[2],
                u["text"],
                u.get("words"),
                u.get("tags") or [],
                mood,
            )
        )
    return found


def _mark_asides(said: list[Said]) -> None:
    turn, speaker = 0, ""
    for k, u in enumerate(said):
        before = said[k - 1] if k else None
        after = said[k + 1] if k + 1 < len(said) else None
        if before and before.speaker != u.speaker and only_listens(u.text):
            between = after is not None and after.speaker != u.speaker and not re.search(r"\?[^\w]*$", before.text)
            u.aside = u.end <= before.end or between
        if not u.aside and u.speaker != speaker:
            turn, speaker = turn + 1, u.speaker
        u.turn = turn


def only_listens(text: str) -> bool:
    """At most two words that only say: I am listening."""
    if len(text.split()) > 2:
        return False
    words = re.sub(r"[^a-z' ]+", " ", text.replace("’", "'").replace("-", " ").lower()).strip(" ")
    words = re.sub(" +", " ", words)
    first, _, last = words.rpartition(" ")
    return _listening(words) or (last in _AGAIN and _listening(first))


def _listening(words: str) -> bool:
    return words in _LISTENING or bool(re.fullmatch(r"m+ ?h?m*|h+m+", words))


def split(text: str) -> list[str]:
    """The sentences of a text: up to a stop before white space; a title's stop and a stop alone end none."""
    found, begun = [], 0
    for stop in re.finditer(r"[.?!…]+[\"'”)\]]*(?=\s|$)", text):
        piece = text[begun : stop.end()].lstrip()
        lone = re.fullmatch(r"[.?!…][\"'”)\]]*", piece)
        titled = re.search(r"\b(?:Mr|Mrs|Ms|Dr|St|No)$", text[begun : stop.start()]) and not re.match(
            r"[.?!…]{2}", stop[0]
        )
        if not lone and not titled:
            found.append(piece)
            begun = stop.end()
    rest = text[begun:].strip()
    return [*found, rest] if rest else found
