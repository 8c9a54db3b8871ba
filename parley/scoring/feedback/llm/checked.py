"""A model's draft, checked against the call: only what holds is shown, in the shape of the rule-based writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from parley.scoring.feedback.call import Call, Passage
from parley.scoring.feedback.guard import Guard, Refused, invents_figure
from parley.scoring.feedback.llm.draft import DraftStrength, DraftTry, FeedbackDraft
from parley.scoring.feedback.quotes import find_quote

FEWEST_QUOTES, MOST_QUOTES = 2, 4
MOST_STRENGTHS = 3
EARNED = 0.6

Allows = Callable[[str], bool]
"""May a rep say these words, by the rules of the rubric?"""


def check_draft(
    draft: FeedbackDraft, call: Call, rules: dict[str, Any], *, may_say: Allows, whole: bool
) -> dict[str, Any]:
    """Feedback as JSON with verified quotes and fit sentences; `rules` is what the rule-based writer wrote.

    With `whole=False` the draft is still being written: what is unfinished is held back and nothing is demanded.
    Raises Refused when the whole draft has fewer than two verified quotes, no summary, or obeys the transcript.
    """
    guard = Guard(call.transcript)
    found: dict[str, Any] = {
        "summary": guard.text(draft.summary, whole=whole or bool(draft.quotes)),
        "quotes": _quotes(draft, call, guard, whole=whole),
        "strengths": _strengths(draft, call, guard, whole=whole),
        "try": _try(draft.try_this, call, guard, may_say) if whole or draft.next_step else None,
        "next_step": guard.text(draft.next_step, whole=whole),
    }
    if not whole:
        return found
    if len(found["quotes"]) < FEWEST_QUOTES:
        raise Refused(f"only {len(found['quotes'])} of its quotes are in the transcript")
    if not found["summary"]:
        raise Refused("nothing of its summary could be shown")
    # What the model left out or got wrong the rules have; the review names the writer of the whole.
    found["try"] = found["try"] or rules["try"]
    found["next_step"] = found["next_step"] or rules["next_step"]
    return {**found, "left_out": guard.dropped}


def _quotes(draft: FeedbackDraft, call: Call, guard: Guard, *, whole: bool) -> list[dict[str, Any]]:
    complete = draft.quotes if whole or draft.strengths or draft.try_this else draft.quotes[:-1]
    kept: list[Passage] = []
    for quote in complete:
        passage = _verified(call, guard, quote.quote, quote.i)
        comment = guard.text(quote.comment)
        if passage and comment and passage.i not in {other.i for other in kept}:
            kept.append(replace(passage, comment=comment))
    return [passage.as_json() for passage in sorted(kept[:MOST_QUOTES], key=lambda passage: passage.start_ms)]


def _verified(call: Call, guard: Guard, quote: str, near: int) -> Passage | None:
    passage = find_quote(call.transcript, quote, near)
    if passage is None or passage.i in guard.barred:
        guard.dropped += bool(quote)
        return None
    return passage


def _strengths(draft: FeedbackDraft, call: Call, guard: Guard, *, whole: bool) -> list[str]:
    earned = {c["id"] for c in call.criteria if (c.get("share") or 0) >= EARNED}
    complete = draft.strengths if whole or draft.try_this or draft.next_step else draft.strengths[:-1]
    return [text for strength in complete if (text := _strength(strength, earned, guard))][:MOST_STRENGTHS]


def _strength(strength: DraftStrength, earned: set[str], guard: Guard) -> str:
    """Praise counts only for what the score says was earned."""
    text = guard.text(strength.text)
    if strength.criterion not in earned:
        guard.dropped += bool(text)
        return ""
    return text


def _try(tip: DraftTry | None, call: Call, guard: Guard, may_say: Allows) -> dict[str, Any] | None:
    if tip is None:
        return None
    lost = {c["id"] for _, c in call.costliest()}
    what, words = guard.text(tip.what), guard.text(tip.say_instead, quotes=False)
    if tip.criterion not in lost or not what or not words or invents_figure(words, _known(call)) or not may_say(words):
        guard.dropped += 1
        return None
    passage = _verified(call, guard, tip.quote, tip.i) if tip.quote else None
    is_reps = passage is not None and call.by_index[passage.i]["speaker"] == "rep"
    return {"what": what, "say_instead": words, **({"quote": passage.as_json()} if passage and is_reps else {})}


def _known(call: Call) -> list[str]:
    """Where a figure may come from: what was said, and what the buyer knows."""
    facts = list(call.brief.persona.facts.values()) if call.brief else []
    return [*facts, *(str(u["text"]) for u in call.transcript)]
