"""Puts a move into words: variants in an order that the seed decides, and no sentence twice in a call."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from parley.buyer.branching import Branching
from parley.buyer.common import common, small_talk_of
from parley.buyer.matcher.words import FUNCTION_WORDS
from parley.buyer.state import CallState, Move

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+[\"')\]]*|$)")
_ORDINALS = [
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_COUNTED = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

_OPENER_WORDS = 3
"""A sentence this short carries no matter of its own: `Okay.`, `Fine by me.`"""
_NODS = ("Okay", "Right", "Alright", "Sure", "Yeah", "Fine")
_NUDGES = ("go on", "keep going", "I'm listening", "tell me the rest", "and what then", "that's clear")


def sentences(text: str) -> list[str]:
    """The sentences of a line, each one part of a reply: `4.5 percent. Okay?` has two."""
    protected = re.sub(r"(?<=\d)\.(?=\d)", "\0", text)
    return [s.strip().replace("\0", ".") for s in _SENTENCE.findall(protected) if s.strip()]


def key(sentence: str) -> str:
    """What makes two sentences the same for a listener: the words alone."""
    return " ".join(re.findall(r"[a-z0-9']+", sentence.lower()))


class Wording:
    """Chooses lines for one call."""

    def __init__(self, branching: Branching, seed: int) -> None:
        self._branching = branching
        self._seed = seed
        self._talk = small_talk_of(branching)
        self._topics = {t.id: t for t in branching.topics}
        self._remarks = {r.id: r for r in branching.remarks}
        self._objections = {o.tag: o for o in branching.objections}

    def words_for(self, move: Move, state: CallState) -> str:
        """The text of a move, never a sentence that was said before; empty when nothing new can be said."""
        name = f"{move.kind}:{move.id}"
        for lines in self._choices(move, state):
            if line := self._fresh(name, lines, state.said):
                return line
        return ""

    def all_lines(self) -> Iterable[str]:
        """Every line that may be spoken as it stands, without anything filled in."""
        b, c = self._branching, common().lines
        yield from b.opening
        for talk in self._talk.values():
            yield from talk.says
        for topic in b.topics:
            yield from topic.says
        for remark in b.remarks:
            yield from remark.says
        for o in b.objections:
            yield from (*o.lines, *o.outcomes.explored, *o.outcomes.answered, *o.outcomes.dodged, *o.outcomes.pressured)
        yield from (*b.motive.says, *b.patience.warnings, *b.patience.gone)
        k = b.closing
        yield from (*k.accept, *k.when, *k.hesitate, *k.refuse, *k.goodbye)
        for outcome in k.others:
            yield from (*outcome.accept, *outcome.goodbye)
        yield from (*b.carry_on, *b.silence, *b.interrupted, *(b.hurry.says if b.hurry else ()))
        yield from (*c.follow, *c.unheard, *c.rude, *c.odd, *c.enough, *c.goodbye, *c.quiet_goodbye)

    def _choices(self, move: Move, state: CallState) -> Iterable[Sequence[str]]:
        """Lines in order of preference; the last resort counts, so that it is always new."""
        b, c = self._branching, common().lines
        if move.kind == "opening":
            yield b.opening
        elif move.kind == "small_talk":
            yield self._talk[move.id].says
        elif move.kind in ("answer", "again"):
            topic = self._topics[move.id]
            if move.kind == "again":
                yield self._again(topic.id, topic.gist, state)
            yield topic.says
            yield self._again(topic.id, topic.gist, state)
            yield _counted("I repeat myself", state.counts.get("again", 1))
        elif move.kind in ("motive", "motive_again"):
            yield b.motive.says if move.kind == "motive" else ()
            yield self._again("motive", b.motive.gist or ["it matters to me"], state)
            yield _counted("I tell you why", state.counts.get("motive_again", 1))
        elif move.kind == "remark":
            yield self._remarks[move.id].says
            yield c.follow
        elif move.kind in ("explored", "answered", "dodged", "pressured"):
            yield getattr(self._objections[move.id].outcomes, move.kind)
            yield {"explored": ["That's all I know about it."], "answered": c.follow}.get(
                move.kind, ["I asked you something."]
            )
        elif move.kind == "objection":
            yield self._objections[move.id].lines
        elif move.kind in ("accept", "when", "hesitate", "refuse", "goodbye"):
            yield b.closing.lines(move.kind, move.id or state.goal)
            yield c.goodbye if move.kind == "goodbye" else ()
        elif move.kind == "farewell":
            yield self._talk["goodbye"].says
            yield c.goodbye
        elif move.kind == "fallback":
            yield [line.replace("{words}", move.words) for line in (*b.fallback, *c.fallback)]
            yield _counted(f"I don't follow {move.words}", state.counts.get("fallback", 1))
        elif move.kind == "carry_on":
            yield b.carry_on
        elif move.kind in ("warning", "gone"):
            yield b.patience.warnings if move.kind == "warning" else b.patience.gone
            yield c.goodbye if move.kind == "gone" else ()
        elif move.kind == "silence":
            yield b.silence
        elif move.kind == "interrupted":
            yield b.interrupted
        elif move.kind == "hurry":
            yield b.hurry.says if b.hurry else ()
        else:
            yield getattr(c, move.kind)
            if move.kind == "unheard":
                yield _counted("I can't hear you", state.counts.get("unheard", 1))
            elif move.kind == "follow":
                yield [f"{nod}, {nudge}." for nod in _NODS for nudge in _NUDGES]
                yield _counted("I'm still with you", state.counts.get("follow", 1))

    def _again(self, name: str, gist: Sequence[str], state: CallState) -> list[str]:
        """`Like I said, …` in all its forms, then `we went over that already`."""
        again = common().again
        lines = self._shuffled(f"again:{name}", [f"{lead}, {clause}." for lead in again.leads for clause in gist])
        worn = self._worn(state)
        fresh = [line for line in lines if not any(key(line).startswith(lead) for lead in worn)]
        return [*fresh, *(line for line in lines if line not in fresh), *again.told]

    def _worn(self, state: CallState) -> set[str]:
        """Lead-ins that this call has used already."""
        leads = {key(lead) + " " for lead in common().again.leads}
        return {lead for lead in leads if any(said.startswith(lead) for said in state.said)}

    def _fresh(self, name: str, lines: Sequence[str], said: set[str]) -> str:
        """A line of which nothing was said yet, or else one without the `Okay.` or `You know what.` that was."""
        order = lines if name.startswith(("again", "motive_again")) else self._shuffled(name, lines)
        trimmed = (_without_said_openers(line, said) for line in order)
        for line in (*order, *trimmed):
            if line and not any(key(s) in said for s in sentences(line)):
                return line
        return ""

    def _shuffled(self, name: str, lines: Sequence[str]) -> list[str]:
        order = list(lines)
        random.Random(f"{self._seed}|order|{name}").shuffle(order)  # noqa: S311 -- variety, not secrecy
        return order


def _without_said_openers(line: str, said: set[str]) -> str:
    """The line less its short sentences that were said before; empty when nothing of substance is left."""
    kept = [s for s in sentences(line) if key(s) not in said or len(s.split()) > _OPENER_WORDS]
    return " ".join(kept) if any(len(s.split()) > _OPENER_WORDS for s in kept) else ""


def _counted(what: str, times: int) -> list[str]:
    """Always another sentence, because it counts: `That makes three times now: I repeat myself.`"""
    lines = []
    for n in range(max(times, 1), max(times, 1) + 12):
        ordinal = _ORDINALS[n - 1] if n - 1 < len(_ORDINALS) else f"{n + 1}th"
        number = _COUNTED[n - 1] if n - 1 < len(_COUNTED) else str(n + 1)
        lines += [f"That makes {number} times now: {what}.", f"For the {ordinal} time, {what}."]
    return lines


def salient(words: Sequence[str], text: str = "") -> str:
    """The rep's words that a puzzled buyer would pick up: the longest run of telling words, at most four.

    Capitals are as in `text`.
    """
    best: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if word and word not in FUNCTION_WORDS:
            run.append(word)
            continue
        if sum(map(len, run[-4:])) > sum(map(len, best)):
            best = run[-4:]
        run = []
    chosen = best or list(words[-3:]) or ["that"]
    inner = re.findall(r"(?<=[a-z,] )[A-Z][A-Za-z']+", text)
    written = {word.lower(): word for word in inner}
    return " ".join(written.get(word, word) for word in chosen)[:60]
