"""What a turn of the rep says, read against one scenario."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from parley.buyer.branching import Branching
from parley.buyer.matcher import signals
from parley.buyer.matcher.acts import fits_act, is_firm, may_hold_two, stands_apart, states
from parley.buyer.matcher.clauses import Clause, cut
from parley.buyer.matcher.entries import main_entries, names_in, objection_entries
from parley.buyer.matcher.index import Hit, Index
from parley.buyer.matcher.lexicon import build_lexicon
from parley.buyer.matcher.words import FUNCTION_WORDS, plain_words, stem, word_set

ENOUGH = 0.40
"""A clause is understood when its best entry reaches this score."""
ENOUGH_BESIDE = 0.46
"""A second thing in the same clause must be clearer."""
ENOUGH_OF_IDEA = 0.50
"""An idea of an objection's answer, which is looked for in whole stretches of speech."""
ENOUGH_TO_EXPLORE = 0.46
"""A question that explores the objection on the table."""
NEARLY = 0.12
"""A question explores the objection on the table unless it asks for a topic better by more than this."""
MAX_WORDS = 600
"""Of a longer turn only the first and the last words are read."""
_LEADS_OVER = word_set(
    """something anything else another thing things one more question questions next now other also last quick let us
    talk about come go on move to then okay and so the a two"""
)
"""Words that only lead over to what comes next: `something else`, `one more thing`."""
_MAIN = frozenset({"topic", "remark", "small_talk", "goal", "cue"})


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that the rep said and the buyer understood."""

    kind: str
    id: str
    score: float
    asked: bool
    """It was put as a question or a request."""
    at: int = 0
    """Which clause of the turn it came from."""
    beside: bool = False
    """The second thing found in that clause, after the main one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a turn says. `things` are in the order in which they were said, each once."""

    text: str
    words: tuple[str, ...]
    things: tuple[Understood, ...] = ()
    lost: tuple[tuple[str, ...], ...] = ()
    """Clauses with matter that nothing fits."""
    lost_question: bool = False
    asks: bool = False
    proposes: bool = False
    unheard: bool = False
    names_a_time: bool = False
    goodbye: bool = False
    rude: bool = False
    odd: bool = False
    pressured: bool = False

    def of(self, kind: str) -> list[Understood]:
        return [thing for thing in self.things if thing.kind == kind]

    def has(self, kind: str, name: str) -> bool:
        return any(thing.kind == kind and thing.id == name for thing in self.things)


@dataclass(frozen=True, slots=True)
class Handling:
    """How a turn treats one objection."""

    explored: bool = False
    ideas: frozenset[int] = field(default_factory=frozenset)
    acknowledged: bool = False
    at: frozenset[int] = field(default_factory=frozenset)
    """The clauses of the turn that explored or answered it."""


class Matcher:
    """Reads turns for one scenario. Immutable; one instance may serve many calls."""

    def __init__(self, branching: Branching) -> None:
        lexicon = build_lexicon(branching.synonyms)
        self._opens_motive = [t.id for t in branching.topics if t.opens_motive]
        names = names_in(branching)
        self._main = Index(main_entries(branching), lexicon, names)
        self._objections = Index(objection_entries(branching), lexicon, names)

    def read(self, text: str) -> Reading:
        """Everything the buyer understands in one turn. Never raises, whatever the text."""
        text = signals.clean(_shorten(text))
        words = tuple(plain_words(text))
        if signals.is_unheard(text) or not words:
            return Reading(text=text, words=words, unheard=True, odd=signals.breaks_the_play(text))
        clauses = cut(text)
        things: list[Understood] = []
        lost: list[tuple[str, ...]] = []
        lost_question = False
        for n, clause in enumerate(clauses):
            found = [replace(thing, at=n) for thing in self._understand(clause)]
            things.extend(found)
            dated = clause.proposes and signals.names_a_time(" ".join(clause.words))
            if not found and not dated and _has_matter(clause.words) and not _leads_over(clause):
                lost.append(clause.words)
                lost_question = lost_question or (clause.asks and not clause.tag_question)
        if signals.is_personal(text) and any(c.asks for c in clauses):
            things = [Understood("small_talk", "personal", 1.0, asked=True), *(t for t in things if t.kind != "topic")]
            lost_question = False
        if signals.asks_for_a_sound_check(text):
            things.insert(0, Understood("small_talk", "can-you-hear", 1.0, asked=True))
            lost_question = False
        if not things and signals.asks_who(text):
            things.append(Understood("small_talk", "name", 1.0, asked=True))
        if signals.asks_how_it_goes(text) and not any(t.kind in ("topic", "small_talk") and t.asked for t in things):
            things.append(Understood("small_talk", "how-are-you", 1.0, asked=True, at=len(clauses)))
            lost_question = False
        return Reading(
            text=text,
            words=words,
            things=_once_each(things),
            lost=tuple(lost),
            lost_question=lost_question,
            asks=any(c.asks for c in clauses),
            proposes=any(c.proposes for c in clauses),
            names_a_time=signals.names_a_time(text),
            goodbye=signals.says_goodbye(text),
            rude=signals.is_rude(text),
            odd=signals.breaks_the_play(text),
            pressured=signals.presses(text),
        )

    def handling(self, reading: Reading, tag: str) -> Handling:
        """How the turn treats objection `tag`: explored by a question, answered by which ideas."""
        explored, acknowledged, ideas, at = False, False, set[int](), set[int]()
        clauses = cut(reading.text)
        for n, clause in enumerate(_with_pairs(clauses)):
            topic = self._best_topic(clause) if clause.asks else 0.0
            for hit in self._objections.rank(clause.words):
                kind, _, rest = hit.id.partition(":")
                if rest.split("#")[0] not in (tag, "*"):
                    continue
                other = topic >= ENOUGH if rest == "*" else topic - NEARLY > hit.score
                if kind == "explore" and clause.asks and hit.score >= ENOUGH_TO_EXPLORE and not other:
                    explored = True
                    at.add(n)
                elif kind == "acknowledge" and hit.score >= ENOUGH:
                    acknowledged = True
                elif kind == "answer" and hit.score >= ENOUGH_OF_IDEA and states(clause) and is_firm(hit):
                    ideas.add(int(rest.split("#")[1]))
                    at.add(n)
        single = frozenset(n for n in at if n < len(clauses))
        return Handling(explored=explored, ideas=frozenset(ideas), acknowledged=acknowledged, at=single)

    def topics_near(self, phrases: Sequence[str]) -> list[str]:
        """The topics that questions with these words would be understood as, in order of the phrases."""
        best = (self._main.rank(tuple(plain_words(phrase)), frozenset({"topic"}))[:1] for phrase in phrases)
        return list(dict.fromkeys(hit.id for hits in best for hit in hits if hit.score >= ENOUGH_BESIDE))

    def _best_topic(self, clause: Clause) -> float:
        hits = self._main.rank(clause.words, frozenset({"topic"}))
        return hits[0].score if hits else 0.0

    def heard_words(self, reading: Reading, phrases: Sequence[str]) -> bool:
        """One of the phrases was said: as it stands, or with its telling words (two or more) in one clause."""
        clauses = [[stem(word) for word in clause.words] for clause in cut(reading.text)]
        for phrase in phrases:
            words = [stem(word) for word in plain_words(phrase)]
            telling = {stem(word) for word in plain_words(phrase) if word not in FUNCTION_WORDS}
            for stems in clauses:
                if len(telling) >= 2 and telling <= set(stems):
                    return True
                if any(stems[i : i + len(words)] == words for i in range(len(stems) - len(words) + 1)):
                    return True
        return False

    def _understand(self, clause: Clause) -> list[Understood]:
        first = None if _leads_over(clause) else self._best(clause, frozenset(), ENOUGH)
        if first is None:
            return []
        out = [Understood(first.kind, first.id, first.score, clause.asks)]
        if first.kind == "cue" and (guarded := self._guarded_topic(clause)):
            out.append(Understood("topic", guarded.id, guarded.score, clause.asks))
        if first.kind != "goal" and (goal := self._goal_proposed(clause)):
            out.append(Understood("goal", goal, first.score, clause.asks))
        elif may_hold_two(clause):
            second = self._best(clause, first.used, ENOUGH_BESIDE)
            if second and (second.kind, second.id) != (first.kind, first.id) and stands_apart(second):
                out.append(Understood(second.kind, second.id, second.score, clause.asks, beside=True))
        return out

    def _best(self, clause: Clause, leave_out: frozenset[str], enough: float) -> Hit | None:
        hits = [
            replace(hit, score=hit.score * fits_act(hit, clause))
            for hit in self._main.rank(clause.words, _MAIN, leave_out)[:12]
        ]
        best = max(hits, key=lambda h: (h.score, h.kind, h.id), default=None)
        return best if best and best.score >= enough else None

    def _goal_proposed(self, clause: Clause) -> str | None:
        """The outcome that the clause suggests too: it proposes something or names a day, and the words are there."""
        if not (clause.proposes or signals.names_a_time(" ".join(clause.words))):
            return None
        hits = self._main.rank(clause.words, frozenset({"goal"}))
        return hits[0].id if hits and hits[0].score >= ENOUGH else None

    def _guarded_topic(self, clause: Clause) -> Hit | None:
        """The topic that answers a question for the motive while the motive is not yet told."""
        hits = [h for h in self._main.rank(clause.words, frozenset({"topic"})) if h.id in self._opens_motive]
        return hits[0] if hits else Hit("topic", self._opens_motive[0], 0.0) if self._opens_motive else None


def matcher_for(branching: Branching) -> Matcher:
    """The matcher of a branching, built once and shared."""
    return _built(json.dumps(branching.model_dump(mode="json"), sort_keys=True))


@lru_cache(maxsize=64)
def _built(branching_json: str) -> Matcher:
    return Matcher(Branching.model_validate_json(branching_json))


def _once_each(things: list[Understood]) -> tuple[Understood, ...]:
    seen: dict[tuple[str, str], Understood] = {}
    for thing in things:
        seen.setdefault((thing.kind, thing.id), thing)
    return tuple(seen.values())


def _with_pairs(clauses: list[Clause]) -> list[Clause]:
    """Each clause, and each with its neighbour: an idea may be spread over two sentences."""
    pairs = [
        Clause(left.words + right.words, left.asks or right.asks, left.proposes or right.proposes)
        for left, right in pairwise(clauses)
        if len(left.words) + len(right.words) <= 40
    ]
    return [*clauses, *pairs]


def _leads_over(clause: Clause) -> bool:
    asks = clause.tag_question or (clause.asks and not clause.proposes)
    return not asks and set(clause.words) <= _LEADS_OVER


def _has_matter(words: Sequence[str]) -> bool:
    return any(w not in FUNCTION_WORDS and len(w) > 2 for w in words)


def _shorten(text: str) -> str:
    words = text.split()
    if len(words) <= MAX_WORDS:
        return text[: MAX_WORDS * 40]
    return " ".join([*words[: MAX_WORDS // 2], "…", *words[-MAX_WORDS // 2 :]])[: MAX_WORDS * 40]
