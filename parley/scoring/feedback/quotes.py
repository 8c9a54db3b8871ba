"""Finds a quote in the transcript, or the nearest exact stretch of it, so that nothing is quoted that nobody said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from parley.scoring.feedback.call import Passage

ALTERED_SHARE = 0.2
"""At most this share of a quote's words may differ from what was said; it is then replaced by what was said."""
FEWEST_WORDS = 4
"""A quote with altered words is only repaired when it has so many; fewer could be anything."""
LONGEST = 400
_WORD = re.compile(r"[\w%$]+(?:['’.,:/-]\w+)*")
_DECIDES = re.compile(
    r"\d|^(?:no|not|never|none|nothing|nobody|without|cannot)$|n't$|^(?:can|will|do|is|are|was|did)nt$"
)
"""Words that turn the meaning round: a quote in which one of these differs is dropped, not repaired."""


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def find_quote(transcript: Sequence[Mapping[str, Any]], quote: str, near: int) -> Passage | None:
    """The passage that `quote` cites: utterance, characters and milliseconds, in the transcript's own words.

    Looks in utterance `near` first, then in those around it. A quote that differs in case, marks or at most a fifth of
    its words comes back as what was really said; None when there is no such place.
    """
    wanted = _tokens(quote)
    if not wanted or len(quote) > LONGEST:
        return None
    utterances = sorted(
        ((int(u.get("i", n)), u) for n, u in enumerate(transcript)), key=lambda pair: (abs(pair[0] - near), pair[0])
    )
    best: tuple[int, Passage] | None = None
    for i, utterance in utterances:
        found = _nearest(_tokens(str(utterance["text"])), wanted)
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], _passage(i, utterance, found[1], found[2]))
            if found[0] == 0:
                break
    return best[1] if best else None


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.group().lower().replace("’", "'").rstrip("'"), m.start(), m.end()) for m in _WORD.finditer(text)]


def _nearest(said: list[_Token], wanted: list[_Token]) -> tuple[int, int, int] | None:
    """Changed words and character span of the stretch of `said` nearest to `wanted`; None when none is near enough."""
    length = len(wanted)
    words = [token.word for token in wanted]
    for at in range(len(said) - length + 1):
        if [token.word for token in said[at : at + length]] == words:
            return 0, said[at].start, said[at + length - 1].end
    if length < FEWEST_WORDS:
        return None
    changes, first, last = _edit_distance([token.word for token in said], words)
    if last <= first or changes > max(1, int(length * ALTERED_SHARE)):
        return None
    kept = [token.word for token in said[first:last]]
    if any(_DECIDES.search(word) for word in _differing(kept, words)):
        return None
    return changes, said[first].start, said[last - 1].end


def _differing(left: list[str], right: list[str]) -> set[str]:
    both = list(left)
    alone = []
    for word in right:
        if word in both:
            both.remove(word)
        else:
            alone.append(word)
    return {*both, *alone}


def _edit_distance(said: list[str], wanted: list[str]) -> tuple[int, int, int]:
    """The least number of changed words that turns `wanted` into a stretch of `said`, and where it lies."""
    row = [(0, at) for at in range(len(said) + 1)]
    for n, word in enumerate(wanted, start=1):
        above, row = row, [(n, 0)]
        for at, other in enumerate(said, start=1):
            swap = (above[at - 1][0] + (word != other), above[at - 1][1])
            left_out = (above[at][0] + 1, above[at][1])
            put_in = (row[at - 1][0] + 1, row[at - 1][1])
            row.append(min(swap, left_out, put_in, key=lambda cell: cell[0]))
    # Of several such stretches the one as long as the quote: a changed word stands for a word.
    last = min(range(len(row)), key=lambda at: (row[at][0], abs(at - row[at][1] - len(wanted))))
    return row[last][0], row[last][1], last


def _passage(i: int, utterance: Mapping[str, Any], start: int, end: int) -> Passage:
    text = str(utterance["text"])
    while end < len(text) and text[end] in ".?!…%":
        end += 1
    start_ms, end_ms = _times(utterance, text, start, end)
    return Passage(i=i, start_ms=start_ms, end_ms=end_ms, quote=text[start:end], chars=(start, end))


def _times(utterance: Mapping[str, Any], text: str, start: int, end: int) -> tuple[int, int]:
    """Milliseconds by the recognised words where they are known, else by the place in the text."""
    begins, ends = float(utterance["start"]), float(utterance["end"])
    spans = _word_spans(utterance.get("words") or [], text)
    heard = [times for (a, b), times in spans if a < end and b > start]
    if heard:
        first = min(max(begins, heard[0][0]), ends)
        return round(1000 * first), round(1000 * min(max(first, heard[-1][1]), ends))
    length = (ends - begins) / max(1, len(text))
    return round(1000 * (begins + length * start)), round(1000 * (begins + length * end))


def _word_spans(words: Sequence[Mapping[str, Any]], text: str) -> list[tuple[tuple[int, int], tuple[float, float]]]:
    """Where each recognised word stands in the text; nothing when the words do not add up to it."""
    spans, at, lower = [], 0, text.lower()
    for word in words:
        said = str(word["w"]).strip().lower()
        place = lower.find(said, at)
        if not said or place < 0:
            return []
        at = place + len(said)
        spans.append(((place, at), (float(word["start"]), float(word["end"]))))
    return spans if all(a[0][1] <= b[0][0] for a, b in pairwise(spans)) else []
