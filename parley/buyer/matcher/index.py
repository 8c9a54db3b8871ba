"""The index of all that a buyer listens for in one scenario, and how well a clause fits each entry.

A clause and a phrase are rows of units: stems, telling pairs such as `how_long`, kinds of number, set turns of phrase.
A unit meets another when they are the same, or a little less when they share an idea (a synonym group). Two figures are
combined: the best single phrase, seen from both sides, and the evidence of the clause's units over all entries.
No model and no chance: the same words always give the same score.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from parley.buyer.matcher.lexicon import Lexicon
from parley.buyer.matcher.words import FUNCTION_WORDS, features, plain_words

BY_IDEA = 0.85
"""How well two different words of one idea meet; the same word meets by 1."""
BEST_SHARE = 0.62
"""Share of the best single phrase in the score; the rest is the evidence over all entries."""
HINT_SHARE = 0.3
"""How much the words of the buyer's own answer count as evidence for its topic."""
UNKNOWN = 0.45
"""Weight of a word that no entry knows, as a share of the rarest known word's."""

STRANGE_COST = 0.35
"""How much of the score is lost when all of a clause is made of words that no entry knows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to listen for: `kind` is topic, remark, small_talk, goal, cue, objection or pressure."""

    kind: str
    id: str
    phrases: tuple[str, ...]
    hints: tuple[str, ...] = ()
    """Weak evidence: the buyer's own answers and the label."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits a clause. `score` and `cover` (share of the clause that the best phrase explains) are 0..1."""

    kind: str
    id: str
    score: float
    cover: float = 0.0
    used: frozenset[str] = field(default=frozenset(), compare=False)
    """Keys of the clause's units that carried it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or turn of phrase, the ideas it carries, and its weight before rarity (function words 0.12, matter 1)."""

    key: str
    ideas: frozenset[str]
    base: float


@dataclass(frozen=True, slots=True)
class Row:
    """Units with their final weights, ready to be compared."""

    units: tuple[tuple[Unit, float], ...]
    keys: frozenset[str]
    ideas: frozenset[str]
    total: float


class Index:
    """Scores clauses against entries. Build once per scenario: it is immutable and shared between calls."""

    def __init__(self, entries: Sequence[Entry], lexicon: Lexicon, names: frozenset[str] = frozenset()) -> None:
        self._lexicon = lexicon
        self._names = names
        self.entries = tuple(entries)
        units = [[self._units(tuple(plain_words(p))) for p in entry.phrases] for entry in entries]
        self._rarity = _rarity([{name for row in rows for u in row for name in (u.key, *u.ideas)} for rows in units])
        self._rarest = max(self._rarity.values(), default=1.0)
        self._phrases = [[self._row(row) for row in rows] for rows in units]
        self._by_key, self._by_idea = _holders(self._phrases)
        self._evidence = self._gather(units)
        self._mendable = [k for k in self._rarity if k.isalpha() and len(k) > 4]
        self._mended: dict[str, str] = {}

    def rank(
        self, words: Sequence[str], kinds: frozenset[str] | None = None, leave_out: frozenset[str] = frozenset()
    ) -> list[Hit]:
        """All entries that share anything telling with `words`, best first."""
        clause = self._row([u for u in self.units_of(words) if u.key not in leave_out])
        if not clause.total:
            return []
        strange = sum(w for u, w in clause.units if self._is_strange(u)) / clause.total
        speaks_for, met = self._speaks_for(clause), self._met_by(clause)
        hits: list[Hit] = []
        for n, entry in enumerate(self.entries):
            if kinds is not None and entry.kind not in kinds:
                continue
            best, cover, used = 0.0, 0.0, frozenset[str]()
            for phrase, inside in zip(self._phrases[n], met[n], strict=True):
                if not inside:
                    continue
                score, part, keys = _overlap(clause, phrase, inside, best)
                if score > best:
                    best, cover, used = score, part, keys
            score = BEST_SHARE * best + (1 - BEST_SHARE) * min(1.0, 1.6 * speaks_for.get(n, 0.0))
            score *= 1 - STRANGE_COST * strange
            if not any(is_telling(key, entry.kind) for key in used) and cover < 0.8:
                continue
            if score > 0.05:
                hits.append(Hit(entry.kind, entry.id, round(score, 4), round(cover, 4), used))
        return sorted(hits, key=lambda h: (-h.score, h.kind, h.id))

    def _met_by(self, clause: Row) -> list[list[float]]:
        """For each phrase of each entry, the weight of its units that the clause meets."""
        met = [[0.0] * len(rows) for rows in self._phrases]
        for key in sorted(clause.keys):
            for n, m, weight in self._by_key.get(key, ()):
                met[n][m] += weight
        counted: set[tuple[int, int, str]] = set()
        for idea in sorted(clause.ideas):
            for n, m, key, weight in self._by_idea.get(idea, ()):
                if key not in clause.keys and (n, m, key) not in counted:
                    counted.add((n, m, key))
                    met[n][m] += BY_IDEA * weight
        return met

    def _is_strange(self, unit: Unit) -> bool:
        return unit.base >= 0.8 and not any(name in self._evidence for name in (unit.key, *unit.ideas))

    def units_of(self, words: Sequence[str]) -> list[Unit]:
        """The units of `words` without people's names, slips of recognition mended towards the scenario's words."""
        return self._units(tuple(self._mend(word) for word in words if word not in self._names))

    def _units(self, words: tuple[str, ...]) -> list[Unit]:
        ideas = self._lexicon.ideas(words)
        units: dict[str, Unit] = {}
        for key, base in features(words).items():
            own = frozenset(idea for idea, carriers in ideas.items() if key in carriers and base >= 0.5)
            units[key] = Unit(key, own, base)
        carried = frozenset(idea for u in units.values() for idea in u.ideas)
        for idea in ideas:
            if idea not in carried:  # a turn of phrase made of light words only, such as `put down`
                units[idea] = Unit(idea, frozenset({idea}), 0.9)
        return list(units.values())

    def _row(self, units: Sequence[Unit]) -> Row:
        weighed = tuple((u, u.base * self._weight(u)) for u in units)
        return Row(
            weighed,
            frozenset(u.key for u in units),
            frozenset(idea for u in units for idea in u.ideas),
            sum(w for _, w in weighed),
        )

    def _weight(self, unit: Unit) -> float:
        own = self._rarity.get(unit.key)
        shared = [self._rarity[idea] for idea in unit.ideas if idea in self._rarity]
        if own is None:
            return max(shared) if shared else UNKNOWN * self._rarest
        return (own + max(shared)) / 2 if shared else own

    def _speaks_for(self, clause: Row) -> dict[int, float]:
        """How much the clause's units, taken together, point at each entry, 0..1; nought if absent."""
        found: dict[int, float] = {}
        total = 0.0
        for unit, weight in clause.units:
            rows = [self._evidence[name] for name in (unit.key, *unit.ideas) if name in self._evidence]
            total += weight if rows else 0.35 * weight
            strongest: dict[int, float] = {}
            for row in rows:
                for n, share in row.items():
                    strongest[n] = max(strongest.get(n, 0.0), share)
            for n, share in strongest.items():
                found[n] = found.get(n, 0.0) + weight * share
        return {n: weight / total for n, weight in found.items()} if total else {}

    def _gather(self, units: list[list[list[Unit]]]) -> dict[str, dict[int, float]]:
        """For each unit and idea, how much it speaks for each entry (shares that sum to 1)."""
        counts: dict[str, dict[int, float]] = {}
        for n, rows in enumerate(units):
            for row in rows:
                for name in {name for u in row for name in (u.key, *u.ideas)}:
                    of = counts.setdefault(name, {})
                    of[n] = of.get(n, 0.0) + 1.0 / math.sqrt(len(rows))
            for hint in self.entries[n].hints:
                for unit in self._units(tuple(plain_words(hint))):
                    if unit.base >= 0.8:
                        of = counts.setdefault(unit.key, {})
                        of[n] = of.get(n, 0.0) + HINT_SHARE / math.sqrt(len(self.entries[n].hints))
        return {name: {n: c / sum(of.values()) for n, c in of.items()} for name, of in counts.items()}

    def _mend(self, word: str) -> str:
        """A word near enough to one the scenario knows, or itself: recognition writes `escro` for `escrow`."""
        if len(word) < 5 or word in FUNCTION_WORDS or not word.isalpha():
            return word
        if word not in self._mended:
            key = next(iter(features((word,))))
            known = key in self._rarity or bool(self._lexicon.ideas((word,))) or key in self._evidence
            near = [] if known else difflib.get_close_matches(key, self._mendable, 1, 0.88)
            self._mended[word] = near[0] if near else word
        return self._mended[word]


def is_telling(key: str, kind: str) -> bool:
    """A unit that names a matter: not a function word, a question word or a small number."""
    if key.startswith("<"):
        return kind in ("remark", "objection") and key != "<number>"
    if key.replace(".", "").isdigit():
        return float(key) >= 100
    return key not in FUNCTION_WORDS


def _rarity(names: list[set[str]]) -> dict[str, float]:
    """How telling a unit is: the fewer entries hold it, the more (smoothed inverse frequency)."""
    counts: dict[str, int] = {}
    for found in names:
        for name in found:
            counts[name] = counts.get(name, 0) + 1
    return {name: math.log(1.0 + len(names) / (c + 0.5)) for name, c in counts.items()}


_ByKey = dict[str, list[tuple[int, int, float]]]
_ByIdea = dict[str, list[tuple[int, int, str, float]]]


def _holders(phrases: Sequence[Sequence[Row]]) -> tuple[_ByKey, _ByIdea]:
    """Where each key and each idea stands: entry, phrase and weight. Most phrases share nothing with a clause."""
    by_key: _ByKey = {}
    by_idea: _ByIdea = {}
    for n, rows in enumerate(phrases):
        for m, row in enumerate(rows):
            for unit, weight in row.units:
                by_key.setdefault(unit.key, []).append((n, m, weight))
                for idea in unit.ideas:
                    by_idea.setdefault(idea, []).append((n, m, unit.key, weight))
    return by_key, by_idea


def _met(row: Row, other: Row) -> tuple[float, frozenset[str]]:
    """The weight of `row` that `other` meets, and the keys of the units that were met."""
    weight, keys = 0.0, []
    for unit, w in row.units:
        if unit.key in other.keys:
            weight += w
            keys.append(unit.key)
        elif unit.ideas and not unit.ideas.isdisjoint(other.ideas):
            weight += BY_IDEA * w
            keys.append(unit.key)
    return weight, frozenset(keys)


def _overlap(clause: Row, phrase: Row, inside: float, best: float) -> tuple[float, float, frozenset[str]]:
    """How much of the phrase is in the clause (`inside`, by weight), and a little the other way round.

    Nought when it cannot pass `best`.
    """
    of_phrase = inside / phrase.total
    if 0.62 * of_phrase + 0.38 * math.sqrt(of_phrase) + 1e-9 < best:
        return 0.0, 0.0, frozenset()
    explained, used = _met(clause, phrase)
    of_clause = explained / clause.total
    return 0.62 * of_phrase + 0.38 * math.sqrt(of_phrase * of_clause), of_clause, used
