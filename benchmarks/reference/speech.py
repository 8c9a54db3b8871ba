"""What the rep's speech is like: fillers, questions, tone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks.reference.conversation import Call, Said, exact, rounded
from benchmarks.reference.flow import speech_s

_WOULD = ["i'd", "you'd", "we'd", "they'd", "he'd", "she'd"]
_VERB = ["i", "you", "we", "they", "he", "she", "people", "would", "do", "did", "does", "to", "might", "may", "will"]
_LOOK = [*_VERB, *_WOULD, "feel", "feels", "look", "looks", "sound", "sounds", "seem", "seems"]
_KNOW_AFTER = ["do", "did", "if", "let", "as", "would", "that", "what", "when", "once", "so", "make", "sure"]
_ASKS = ["what", "how", "that", "if", "when", "why", "where", "who", "whether", "which"]
_KNOW_BEFORE = [*_ASKS, "about", "the", "your", "it", "for", "this", "of"]
_SORT = ["what", "which", "this", "that", "any", "some", "a", "the", "same", "every"]


@dataclass(frozen=True)
class Filler:
    """A filler phrase, its weight, and where it is none."""

    say: tuple[str, ...]
    weight: Decimal
    pause: bool = False
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()


def _own_list() -> list[Filler]:
    half = Decimal("0.5")
    found = [Filler((w,), Decimal(1)) for w in ["um", "umm", "uhm", "uh", "uhh", "er", "erm", "ah"]]
    found += [Filler((w,), half) for w in ("hmm", "basically")]
    found.append(Filler(("like",), half, pause=True, not_after=frozenset(_LOOK)))
    found.append(Filler(("you", "know"), half, False, frozenset(_KNOW_AFTER), frozenset(_KNOW_BEFORE)))
    found.append(Filler(("i", "mean"), half, False, frozenset({"what", "do", "if"})))
    found.append(Filler(("sort", "of"), half, False, frozenset(_SORT)))
    found.append(Filler(("kind", "of"), half, False, frozenset({*_SORT, "one", "another"})))
    return found


OWN = _own_list()


def fillers_of(rubric: list[dict[str, Any]] | None) -> list[Filler]:
    """A rubric's list, or our own."""
    if not rubric:
        return OWN
    return [
        Filler(
            tuple(f["say"].lower().split(" ")),
            exact(f.get("weight", 1)),
            f.get("pause", False),
            frozenset(f.get("not_after") or []),
            frozenset(f.get("not_before") or []),
        )
        for f in rubric
    ]


def speech(call: Call, fillers: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The KPIs of words and tone."""
    wanted = fillers_of(fillers)
    found = [f for u in call.of("rep") for f in _fillers_in(u, wanted)]
    rep_s = speech_s(call.of("rep"))
    kinds = [s.question for s in call.sentences]
    asked, opened = sum(k is not None for k in kinds), kinds.count("open")
    return {
        "filler_count": None if call.typed else len(found),
        "fillers_per_minute": None
        if call.typed or rep_s < 10
        else rounded(60 * sum((f.weight for f in found), Decimal(0)) / rep_s, 2),
        "question_count": asked,
        "open_question_count": opened,
        "open_question_share": rounded(Decimal(opened) / asked, 3) if asked else None,
        "follow_up_count": _follow_ups(call),
        "sentiment_rep": _mood(call.of("rep")),
        "sentiment_buyer": _mood(call.of("buyer")),
    }


def _fillers_in(u: Said, wanted: list[Filler]) -> list[Filler]:
    tokens = re.sub(r"\s+", " ", u.text.strip(" ")).split(" ")
    words = [re.sub(r"^\W+|\W+$", "", t).replace("’", "'").lower() for t in tokens]
    stops = [bool(_STOP.search(t)) and t[-1] not in "'’\"" for t in tokens]
    hits: list[tuple[int, Filler]] = []
    for k in range(len(words)):
        for f in wanted:
            end = k + len(f.say)
            if tuple(words[k:end]) != f.say:
                continue
            if k and not stops[k - 1] and words[k - 1] in f.not_after:
                continue
            stopped = stops[end - 1]
            if not stopped and end < len(words) and words[end] in f.not_before:
                continue
            between = stopped and (k == 0 or stops[k - 1])
            if f.pause and not between and not _silence_after(u, k, len(words)):
                continue
            hits.append((k, f))
    return [f for k, f in hits if not any(len(g.say) > len(f.say) and j <= k < j + len(g.say) for j, g in hits)]


_STOP = re.compile(r"[!-/:-@\[-`{-~…–—¿¡«»‘’“”]$")


def _silence_after(u: Said, k: int, tokens: int) -> bool:
    if not u.words or len(u.words) != tokens or k + 1 >= tokens:
        return False
    return exact(u.words[k + 1]["start"]) - exact(u.words[k]["end"]) >= Decimal("0.3")


def _follow_ups(call: Call) -> int:
    told: dict[int, set[str]] = {}
    for s in call.sentences:
        if not s.rep:
            told.setdefault(s.of.turn, set()).update(w for w in s.content if len(w) >= 4)
    return sum(bool(s.question and s.content & told.get(s.of.turn - 1, set())) for s in call.sentences)


def _mood(said: Iterable[Said]) -> Decimal | None:
    rated = [(u.sentiment, len(u.text)) for u in said if u.sentiment is not None]
    if not rated:
        return None
    return rounded(sum((m * n for m, n in rated), Decimal(0)) / sum(n for _, n in rated), 3)
