"""A model's draft of a scenario, held to what the buyer said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from parley.scoring.drafting import CallDraft, DraftObjection
from parley.scoring.drafting.rules import MOST_OBJECTIONS, sentences
from parley.scoring.feedback.guard import Guard, Refused, invents_figure
from parley.scoring.feedback.quotes import find_quote

MOST_FACTS = 8


def check_draft(draft: CallDraft, transcript: Sequence[Mapping[str, Any]]) -> CallDraft:
    """The draft with nothing in it that the buyer did not say; wordings for the rep hold no figure of their own.

    Raises Refused when hardly anything is left, or when it obeys words spoken to the reviewer.
    """
    guard = Guard(transcript)
    buyer = [u for u in transcript if u["speaker"] == "buyer"]
    known = [str(u["text"]) for u in transcript]
    opening = _said(draft.opening, buyer)
    found = CallDraft(
        name=draft.name if draft.name and any(draft.name in text for text in known) else "",
        mood=guard.text(draft.mood)[:80],
        motive=_said(draft.motive, buyer),
        facts=dict(
            [(name[:40], words) for name, told in draft.facts.items() if (words := _said(told, buyer))][:MOST_FACTS]
        ),
        opening=opening,
        objections=[o for given in draft.objections if (o := _objection(given, buyer, guard, known))][:MOST_OBJECTIONS],
    )
    if not opening or not (found.objections or found.facts):
        raise Refused("hardly anything of it was said in the call")
    return found


def _said(words: str, buyer: Sequence[Mapping[str, Any]]) -> str:
    """The buyer's own words, as a sentence; empty when the buyer did not say them."""
    passage = find_quote(buyer, words, 0) if words else None
    return " ".join(sentences(passage.quote)) if passage else ""


def _objection(
    given: DraftObjection, buyer: Sequence[Mapping[str, Any]], guard: Guard, known: Sequence[str]
) -> DraftObjection | None:
    line = _said(given.line, buyer)
    if not line:
        return None
    return DraftObjection(
        label=guard.text(given.label).rstrip(".")[:80] or line.rstrip(".?!…")[:60],
        line=line,
        explore=[phrase for phrase in given.explore if phrase.strip() and not invents_figure(phrase, known)][:4],
        answer=[phrase for phrase in given.answer if phrase.strip() and not invents_figure(phrase, known)][:4],
    )
