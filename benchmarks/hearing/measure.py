"""Counting by alignment: word error rate, and filled pauses heard, missed and invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.hearing.texts import FILLED_PAUSES

SAME = {"ok": "okay", "10": "ten", "200": "two hundred", "2": "two", "3": "three", "1": "one", "alright": "all right"}
PAUSE = "<pause>"


@dataclass(frozen=True)
class Counts:
    """Of one or more clips."""

    words: int = 0
    errors: int = 0
    pauses: int = 0
    heard: int = 0
    invented: int = 0
    repeated: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f) + getattr(other, f) for f in self.__dataclass_fields__))

    def rates(self) -> dict[str, float | int | None]:
        """`recall` and `precision` of filled pauses; `wer` over all other words; null when undecided."""
        claimed = self.heard + self.invented
        return {
            "fillers": self.pauses,
            "recall": round(self.heard / self.pauses, 3) if self.pauses else None,
            "precision": round(self.heard / claimed, 3) if claimed else None,
            "invented": self.invented,
            "words": self.words,
            "wer": round(self.errors / self.words, 4) if self.words else None,
            "repeated_words": self.repeated,
        }


def total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


def plain_words(text: str) -> list[str]:
    """Words without case and stops, every filled pause alike."""
    bare = re.sub(r"[^\w\s']", " ", text.lower().replace("’", "'").replace("$", "").replace("-", " "))
    words = " ".join(SAME.get(w, w) for w in bare.split()).split()
    return [PAUSE if w in FILLED_PAUSES else w for w in words]


def compare(said: str, heard: str) -> Counts:
    """What a recogniser made of `said`."""
    truth, claimed = plain_words(said), plain_words(heard)
    pairs = _aligned(truth, claimed)
    hits = sum(a == b == PAUSE for a, b in pairs)
    content = [w for w in truth if w != PAUSE]
    return Counts(
        words=len(content),
        errors=sum((a if a != PAUSE else None) != (b if b != PAUSE else None) for a, b in pairs),
        pauses=len(truth) - len(content),
        heard=hits,
        invented=claimed.count(PAUSE) - hits,
        repeated=_repeated(pairs),
    )


def _aligned(truth: Sequence[str], claimed: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Levenshtein pairs; None is a word left out or put in. A filled pause never stands for a word."""
    rows, columns = len(truth) + 1, len(claimed) + 1
    cost = [[float(r + c if not r or not c else 0) for c in range(columns)] for r in range(rows)]
    for r in range(1, rows):
        for c in range(1, columns):
            cost[r][c] = min(
                cost[r - 1][c] + 1, cost[r][c - 1] + 1, cost[r - 1][c - 1] + _swap(truth[r - 1], claimed[c - 1])
            )
    pairs: list[tuple[str | None, str | None]] = []
    r, c = len(truth), len(claimed)
    while r or c:
        if r and c and cost[r][c] == cost[r - 1][c - 1] + _swap(truth[r - 1], claimed[c - 1]):
            r, c = r - 1, c - 1
            pairs.append((truth[r], claimed[c]))
        elif r and cost[r][c] == cost[r - 1][c] + 1:
            r -= 1
            pairs.append((truth[r], None))
        else:
            c -= 1
            pairs.append((None, claimed[c]))
    return pairs[::-1]


def _swap(a: str, b: str) -> float:
    if a == b:
        return 0
    return 3 if PAUSE in (a, b) else 1


def _repeated(pairs: Sequence[tuple[str | None, str | None]]) -> int:
    """Words put in by saying again, in runs of two or more, what stands just before or after."""
    claimed = [b for _, b in pairs if b is not None]
    extra = [a is None and b != PAUSE for a, b in pairs if b is not None]
    count, at = 0, 0
    while at < len(extra):
        end = at
        while end < len(extra) and extra[end]:
            end += 1
        run = claimed[at:end]
        if len(run) >= 2 and (run == claimed[at - len(run) : at] or run == claimed[end : end + len(run)]):
            count += len(run)
        at = end + 1
    return count
