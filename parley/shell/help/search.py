"""Search over the docs: beginnings of words, stems, and slips of the fingers, like `search_all` for rows.

The docs come with the code and are the same for everybody, so they are kept as a small index in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]

from parley.shell.help.docs import get_shelves

HEADING, TEXT = 4, 1
"""What a word counts that stands in a title or heading, or in the text below it."""
ALIKE = 0.5
"""Share of the longer word's letter neighbourhoods that a mistyped word and a real one have in common."""


@dataclass(frozen=True, slots=True)
class Found:
    """A section of a doc. `anchor` is empty for its beginning."""

    slug: str
    anchor: str
    title: str
    heading: str


@dataclass(frozen=True, slots=True)
class _Index:
    places: list[Found]
    weights: dict[str, dict[int, int]]
    """By word: the places where it stands, with what it counts there."""
    stems: dict[str, set[str]]
    letters: dict[str, frozenset[str]]


def search_help(words: str, at_most: int = 6) -> list[Found]:
    """Sections in which all of these words stand, headings first, at most one of each heading's kind per doc."""
    asked = _words(words)
    if not asked:
        return []
    index = _index()
    scores: dict[int, int] | None = None
    for word in asked:
        here: dict[int, int] = defaultdict(int)
        for known in _known(word, index):
            for place, weight in index.weights[known].items():
                here[place] = max(here[place], weight)
        scores = dict(here) if scores is None else {p: scores[p] + here[p] for p in scores.keys() & here.keys()}
    ranked = sorted((scores or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return [index.places[place] for place, _ in ranked[:at_most]]


def _known(word: str, index: _Index) -> set[str]:
    """Words of the docs that this one begins, stems from, or, where there are none, is nearly spelt like."""
    known = {there for there in index.weights if there.startswith(word)}
    if len(word) > 3:
        known |= index.stems.get(_stem(word), set())
        if not known:
            mine = _letters(word)
            known = {
                there for there, its in index.letters.items() if len(mine & its) >= ALIKE * max(len(mine), len(its))
            }
    return known


@cache
def _index() -> _Index:
    places: list[Found] = []
    weights: dict[str, dict[int, int]] = defaultdict(dict)
    for _, docs in get_shelves():
        for doc in docs:
            for section in doc.sections:
                at = len(places)
                places.append(Found(doc.slug, section.anchor, doc.title, section.heading))
                for word in _words(section.text):
                    weights[word][at] = TEXT
                for word in _words(section.heading or doc.title):
                    weights[word][at] = HEADING
    stems: dict[str, set[str]] = defaultdict(set)
    for word in weights:
        stems[_stem(word)].add(word)
    return _Index(places, dict(weights), dict(stems), {word: _letters(word) for word in weights if len(word) > 3})


def _words(text: str) -> set[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return set(re.findall(r"[^\W_]+", plain))


def _letters(word: str) -> frozenset[str]:
    """Neighbourhoods of three letters, with two blanks before and one after, as pg_trgm has them."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word)
    return stem


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")
