"""Synonyms: which words mean the same on a sales call, common ones and a scenario's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from parley.buyer.matcher.words import plain_words, stem

_FILE = Path(__file__).with_name("lexicon.yaml")


class Lexicon:
    """Finds the ideas that a row of words carries; an idea is written `~name`."""

    def __init__(self, groups: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._single: dict[str, set[str]] = {}
        self._rows: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, members in groups:
            for member in members:
                row = tuple(stem(word) for word in plain_words(member))
                if len(row) == 1:
                    self._single.setdefault(row[0], set()).add(f"~{name}")
                elif row:
                    self._rows.setdefault(row[0], []).append((row, f"~{name}"))

    def ideas(self, words: Sequence[str]) -> dict[str, set[str]]:
        """The ideas in `words`, each with the stems that carry it."""
        stems = [stem(word) for word in words]
        found: dict[str, set[str]] = {}
        for i, one in enumerate(stems):
            for idea in self._single.get(one, ()):
                found.setdefault(idea, set()).add(one)
            for row, idea in self._rows.get(one, ()):
                if tuple(stems[i : i + len(row)]) == row:
                    found.setdefault(idea, set()).update(row)
        return found


@lru_cache(maxsize=1)
def common_groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The synonyms that every scenario shares."""
    data: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple((name, tuple(str(m) for m in members)) for name, members in data.items())


def build_lexicon(own: Sequence[Sequence[str]] = ()) -> Lexicon:
    """The common synonyms and a scenario's own."""
    return Lexicon([*common_groups(), *((f"own-{i}", group) for i, group in enumerate(own))])
