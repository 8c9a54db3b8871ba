"""Finds the phrases of a rubric in sentences: in a row, with gaps, or by their meaningful words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import ceil

from benchmarks.reference.conversation import Call, Sentence
from benchmarks.reference.spelling import plain

_GAP = "zzgap"
_NEGATIONS = {"not", "no", "never", "nobodi", "none", "noth", "without", "neither", "nor", "unabl", "hard"}
_NO_NEGATION = [
    ("not", "only"),
    ("not", "worri"),
    ("no", "doubt"),
    ("no", "question"),
    ("no", "problem"),
    ("no", "matter"),
    ("why", "not"),
]
_ASKING = {
    "do",
    "does",
    "did",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "can",
    "could",
    "will",
    "would",
    "what",
    "how",
    "why",
    "who",
    "which",
}


class Finder:
    """Looks for phrases in the sentences of one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._known: dict[str, tuple[list[str], set[str]]] = {}

    def exact(self, among: list[Sentence], say: list[str] | None) -> list[Sentence]:
        """These stems in a row; `…` stands for up to six words."""
        return self._rows(among, say, slack=0)

    def loose(self, among: list[Sentence], say: list[str] | None) -> list[Sentence]:
        """The same with up to two words between."""
        return self._rows(among, say, slack=2)

    def by_words(self, among: list[Sentence], say: list[str] | None, *, spreads: bool = False) -> list[Sentence]:
        """Three quarters of the meaningful stems in any order, all of three or fewer."""
        return self._words(among, say, lambda n: n if n <= 3 else ceil(0.75 * n), spreads)

    def loosely(self, among: list[Sentence], say: list[str] | None, *, spreads: bool) -> list[Sentence]:
        """The gist: 60 % of the meaningful stems, two at least."""
        return self._words(among, say, lambda n: max(2, ceil(round(0.6 * n, 6))), spreads)

    def meant(self, among: list[Sentence], say: list[str], *, in_questions: bool) -> list[Sentence]:
        """Said in a row and neither denied nor, unless in_questions, asked."""
        rows = [self._row(phrase) for phrase in say]
        return [
            s
            for s in among
            if any(_is_meant(s.stems[:k], in_questions) for row in rows for k in _places(s.stems, row, 0))
        ]

    def like(self, among: list[Sentence], say: list[str]) -> bool:
        """Does one of them hold something like one of the phrases?"""
        return any(_is_like(s.stems, row) for row in map(self._row, say) for s in among if row)

    def _rows(self, among: list[Sentence], say: list[str] | None, *, slack: int) -> list[Sentence]:
        rows = [self._row(phrase) for phrase in say or []]
        return [s for s in among if any(next(_places(s.stems, row, slack), None) is not None for row in rows)]

    def _words(
        self, among: list[Sentence], say: list[str] | None, needs: Callable[[int], int], spreads: bool
    ) -> list[Sentence]:
        found = set()
        for phrase in say or []:
            stems, content = self._stems(phrase)
            if len(content) < 2 or _GAP in stems:
                found |= {s.sn for s in self.exact(among, [phrase])}
                continue
            enough = needs(len(content))
            for s in among:
                here = s.content & content
                after = self._call.sentences[s.sn].content & content if self._goes_on(s) else set()
                runs_on = spreads and here and len(after) < enough and len(here | after) >= enough
                if len(here) >= enough or runs_on:
                    found.add(s.sn)
        return [s for s in among if s.sn in found]

    def _goes_on(self, s: Sentence) -> bool:
        return s.sn < len(self._call.sentences) and self._call.sentences[s.sn].of is s.of

    def _row(self, phrase: str) -> list[str]:
        return [w for w in self._stems(phrase)[0] if w != "|"]

    def _stems(self, phrase: str) -> tuple[list[str], set[str]]:
        if phrase not in self._known:
            words = plain(f" {_GAP} ".join(part.strip() for part in phrase.replace("…", "...").split("...")))
            self._known[phrase] = self._call.stems(words)
        return self._known[phrase]


def _is_like(heard: list[str], row: list[str]) -> bool:
    """Are as many stems in a row as the phrase has, one fewer or one more, like it by their trigrams?"""
    words, row = [w for w in heard if w != "|"], [w for w in row if w != _GAP]
    wanted, size = _trigrams(row), len(row)
    for many in range(max(size - 1, min(size, 2)), size + 2):
        for at in range(max(1, len(words) - many + 1)):
            found = _trigrams(words[at : at + many])
            if wanted | found and len(wanted & found) / len(wanted | found) >= 0.55:
                return True
    return False


def _trigrams(words: list[str]) -> set[str]:
    parts = [f"  {part} " for word in words for part in re.findall(r"[^\W_]+", word)]
    return {part[k : k + 3] for part in parts for k in range(len(part) - 2)}


def _places(stems: list[str], row: list[str], slack: int) -> Iterator[int]:
    """Where in stems the row begins."""
    for k in range(len(stems)):
        if row and stems[k] == row[0] and _goes(stems, k + 1, row, 1, slack):
            yield k


def _goes(stems: list[str], k: int, row: list[str], at: int, slack: int) -> bool:
    if at == len(row):
        return True
    if row[at] == _GAP:
        at += 1
        return at == len(row) or any(
            stems[j] == row[at] and _goes(stems, j + 1, row, at + 1, slack) for j in range(k, min(len(stems), k + 7))
        )
    passed = 0  # words between; where some are allowed a stop is none
    for j in range(k, len(stems)):
        if stems[j] == row[at] and _goes(stems, j + 1, row, at + 1, slack):
            return True
        passed += not (slack and stems[j] == "|")
        if passed > slack:
            return False
    return False


def _is_meant(before: list[str], in_questions: bool) -> bool:
    clause = before[len(before) - before[::-1].index("|") :] if "|" in before else list(before)
    rest: list[str] = []  # "" where a turn of speech that only looks like a negation stood
    k = 0
    while k < len(clause):
        if tuple(clause[k : k + 2]) in _NO_NEGATION:
            rest.append("")
            k += 2
        else:
            rest.append(clause[k])
            k += 1
    if not in_questions:
        opening = list(rest)
        while opening and opening[0] in ("so", "and", "but", "okay", "now"):
            opening.pop(0)
        if opening and opening[0] in _ASKING:
            return False
    last = len(rest) - rest[::-1].index("") if "" in rest else 0
    return not any(w in _NEGATIONS for w in rest[last:][-7:])
