"""How the talk flowed: shares, pace, interruptions, patience."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from benchmarks.reference.conversation import Call, Said, only_listens, rounded

ZERO = Decimal(0)


def speech_s(said: Iterable[Said]) -> Decimal:
    """Seconds in which somebody spoke; what overlaps counts once."""
    total, until = ZERO, ZERO
    for u in sorted(said, key=lambda u: u.start):
        total += max(ZERO, u.end - max(u.start, until))
        until = max(until, u.end)
    return total


def interruptions(call: Call) -> list[Said]:
    """Utterances that began 0.3 s or more before the other's words would have ended, and took the floor."""
    talk = [u for u in call.said if not u.aside]
    return [a for a in talk if not only_listens(a.text) and any(_cuts(a, b) for b in talk)]


def _cuts(a: Said, b: Said) -> bool:
    if a.speaker == b.speaker or b.start >= a.start or a.end < b.end:
        return False
    early = b.planned_end - a.start >= Decimal("0.3") and a.start <= b.end + Decimal("0.3")
    return early or ("cut" in b.tags and a.start <= b.end + Decimal("0.5"))


def flow(call: Call, raised: set[int]) -> dict[str, Any]:
    """The KPIs of flow; `raised` are the numbers of utterances with an objection."""
    rep_s, buyer_s = speech_s(call.of("rep")), speech_s(call.of("buyer"))
    together = rep_s + buyer_s
    enough = together >= 10
    words = sum(u.word_count for u in call.of("rep"))
    turns = call.turns
    cut_in = interruptions(call)
    lengths = {
        s: [sum((u.end - u.start for u in t), ZERO) for t in turns if t[0].speaker == s] for s in ("rep", "buyer")
    }
    ratio = rep_s / together if enough and buyer_s > 0 else None
    percent = rounded(100 * ratio, 0) if ratio is not None else None
    return {
        "duration_s": rounded(max((u.end for u in call.said), default=ZERO), 2),
        "rep_speech_s": rounded(rep_s, 2),
        "buyer_speech_s": rounded(buyer_s, 2),
        "rep_words": words,
        "talk_ratio": rounded(ratio, 3),
        "talk_listen": None if percent is None else f"{percent}:{100 - percent}",
        "words_per_minute": rounded(60 * words / rep_s, 1) if not call.typed and rep_s >= 10 else None,
        "interruptions_by_rep": None if call.typed else sum(u.speaker == "rep" for u in cut_in),
        "interruptions_by_buyer": None if call.typed else sum(u.speaker == "buyer" for u in cut_in),
        "longest_monologue_s": rounded(max(lengths["rep"], default=None), 2),
        "longest_buyer_story_s": rounded(max(lengths["buyer"], default=None), 2),
        "patience_s": None if call.typed else _patience(turns, {u.n for u in cut_in}),
        "pace_jump_wpm": None if call.typed else _pace_jump(turns, raised),
        "interactivity_per_minute": rounded(60 * max(0, len(turns) - 1) / together, 2) if enough else None,
    }


def _patience(turns: list[list[Said]], cut_in: set[int]) -> Decimal | None:
    gaps = []
    for before, turn in pairwise(turns):
        if turn[0].speaker == "rep" and turn[0].n not in cut_in:
            gaps.append(max(ZERO, min(u.start for u in turn) - max(u.end for u in before)))
    return rounded(median(gaps), 2) if len(gaps) >= 2 else None


def _pace_jump(turns: list[list[Said]], raised: set[int]) -> Decimal | None:
    after, other = [ZERO, ZERO], [ZERO, ZERO]  # words, seconds
    for k, turn in enumerate(turns):
        if turn[0].speaker == "rep":
            answers = k > 0 and any(u.n in raised for u in turns[k - 1])
            tally = after if answers else other
            tally[0] += sum(u.word_count for u in turn)
            tally[1] += sum((u.end - u.start for u in turn), ZERO)
    if after[1] < 3 or other[1] < 10:
        return None
    return rounded(60 * after[0] / after[1] - 60 * other[0] / other[1], 1)
