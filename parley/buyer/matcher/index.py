"""The index of all that a buyer listens for in one scenario, and how well a clause fits each entry.

A clause and a phrase are bags of weighted features: stems, telling pairs such as `how_long`, kinds of number, and ideas
(synonym groups). Two figures are combined: the best single phrase (weighted overlap, seen from both sides) and the
evidence of the clause's words over all entries. No model and no chance: the same words always give the same score.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from parley.buyer.matcher.lexicon import Lexicon
from parley.buyer.matcher.words import FUNCTION_WORDS, features, plain_words

IDEA_WEIGHT = 0.95
BEST_SHARE = 0.62
"""Share of the best single phrase in the score; the rest is the evidence over all entries."""
WEAK_SHARE = 0.3
"""How much the words of the buyer's own answer count as evidence for its topic."""

Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to listen for: `kind` is topic, remark, small_talk, goal, cue, explore, answer or pressure."""

    kind: str
    id: str
    phrases: tuple[str, ...]
    hints: tuple[str, ...] = ()
    """Weak evidence: the buyer's own answers and the label."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits a clause. `score` is 0..1; `used` are the features that carried it."""

    kind: str
    id: str
    score: float
    used: frozenset[str] = field(default=frozenset(), compare=False)


class Index:
    """Scores clauses against entries. Build once per scenario: it is immutable and shared between calls."""

    def __init__(self, entries: Sequence[Entry], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.entries = tuple(entries)
        self._carriers: dict[str, set[str]] = {}
        bags = [[self._raw_bag(phrase) for phrase in entry.phrases] for entry in entries]
        self._idf = _rarity([set().union(*entry_bags) if entry_bags else set() for entry_bags in bags])
        self._unknown = max(self._idf.values(), default=1.0)
        self._phrases = [[self._weigh(bag) for bag in entry_bags] for entry_bags in bags]
        self._evidence = self._gather(bags)
        self._vocabulary = frozenset(self._idf)
        self._fixed: dict[str, str | None] = {}

    def rank(self, words: Sequence[str], kinds: frozenset[str] | None = None, leave_out: frozenset[str] = frozenset()) -> list[Hit]:
        """All entries that share anything telling with `words`, best first."""
        raw = {f: w for f, w in self.bag(words).items() if f not in leave_out}
        clause = self._weigh(raw)
        total = sum(clause.values())
        if not total:
            return []
        known = sum(w for f, w in clause.items() if f in self._idf)
        hits: list[Hit] = []
        for n, entry in enumerate(self.entries):
            if kinds is not None and entry.kind not in kinds:
                continue
            best, used = 0.0, frozenset[str]()
            for phrase in self._phrases[n]:
                score, common = _overlap(clause, phrase)
                if score > best:
                    best, used = score, common
            evidence = sum(w * self._evidence.get(f, {}).get(n, 0.0) for f, w in clause.items()) / (
                known + 0.35 * (total - known) or 1.0
            )
            score = BEST_SHARE * best + (1 - BEST_SHARE) * min(1.0, 1.6 * evidence)
            if score > 0.05:
                hits.append(Hit(entry.kind, entry.id, round(score, 4), used))
        return sorted(hits, key=lambda h: (-h.score, h.kind, h.id))

    def bag(self, words: Sequence[str]) -> Bag:
        """The features of `words`, with recognition slips mended towards the scenario's own words."""
        mended = tuple(self._mend(word) for word in words)
        return self._raw(mended)

    def known_share(self, words: Sequence[str]) -> float:
        """Share of the words that this scenario or plain English grammar knows, 0..1."""
        if not words:
            return 0.0
        hits = sum(1 for w in words if w in FUNCTION_WORDS or any(f in self._idf for f in features((w,))))
        return hits / len(words)

    def carried_by(self, idea: str) -> set[str]:
        return self._carriers.get(idea, set())

    def _raw_bag(self, phrase: str) -> Bag:
        return self._raw(tuple(plain_words(phrase)))

    def _raw(self, words: tuple[str, ...]) -> Bag:
        bag = dict(features(words))
        for idea, stems in self._lexicon.ideas(words).items():
            bag[idea] = IDEA_WEIGHT
            self._carriers.setdefault(idea, set()).update(stems)
        return bag

    def _weigh(self, bag: Bag) -> Bag:
        return {f: w * self._idf.get(f, 0.55 * self._unknown) for f, w in bag.items()}

    def _gather(self, bags: list[list[Bag]]) -> dict[str, dict[int, float]]:
        """For each feature, how much it speaks for each entry (shares that sum to 1)."""
        counts: dict[str, dict[int, float]] = {}
        for n, entry_bags in enumerate(bags):
            for bag in entry_bags:
                for f in bag:
                    row = counts.setdefault(f, {})
                    row[n] = row.get(n, 0.0) + 1.0 / math.sqrt(len(entry_bags))
            for hint in self.entries[n].hints:
                for f, weight in self._raw_bag(hint).items():
                    if weight >= 0.5 and f in self._idf:
                        row = counts.setdefault(f, {})
                        row[n] = row.get(n, 0.0) + WEAK_SHARE / math.sqrt(len(self.entries[n].hints))
        evidence: dict[str, dict[int, float]] = {}
        for f, row in counts.items():
            whole = sum(row.values())
            evidence[f] = {n: count / whole for n, count in row.items()}
        return evidence

    def _mend(self, word: str) -> str:
        """A word near enough to one the scenario knows, or itself: recognition writes `escro` for `escrow`."""
        if len(word) < 5 or word in FUNCTION_WORDS or not word.isalpha():
            return word
        feature = next(iter(features((word,))))
        if feature in self._idf:
            return word
        if word not in self._fixed:
            near = difflib.get_close_matches(feature, [v for v in self._vocabulary if v.isalpha() and len(v) > 4], 1, 0.86)
            self._fixed[word] = near[0] if near else None
        return self._fixed[word] or word


def _rarity(entry_features: list[set[str]]) -> dict[str, float]:
    """How telling a feature is: the fewer entries hold it, the more (smoothed inverse frequency)."""
    counts: dict[str, int] = {}
    for found in entry_features:
        for f in found:
            counts[f] = counts.get(f, 0) + 1
    n = len(entry_features)
    return {f: math.log(1.0 + n / (c + 0.5)) for f, c in counts.items()}


def _overlap(clause: Bag, phrase: Bag) -> tuple[float, frozenset[str]]:
    """How much of the phrase is in the clause, and a little the other way round."""
    shared = frozenset(f for f in phrase if f in clause)
    if not shared:
        return 0.0, shared
    inside = sum(phrase[f] for f in shared)
    of_phrase = inside / sum(phrase.values())
    of_clause = inside / sum(clause.values())
    return 0.62 * of_phrase + 0.38 * math.sqrt(of_phrase * of_clause), shared
