"""Turns phrases that a rubric listens for into sentences that a rep can say, and passes over those that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parley.scoring.feedback.call import Call, spoken

_ASKS = re.compile(
    r"(?:what|how|when|where|who|which|why|do|does|did|is|are|was|have|has|had|can|could|would|will|may|shall|should)\b",
    re.IGNORECASE,
)
_FREE_ENDS = re.compile(r"\b(?:of|with|to|the|a|an|and|or|from|for|your|my|costs?)$", re.IGNORECASE)
_PRIVATE = re.compile(
    r"\b(?:wife|husband|spouse|partner|married|marriage|kids?|child(?:ren)?|pregnan\w+|church|religion|born)\b",
    re.IGNORECASE,
)
"""What a rep is better not advised to ask about, whatever a scenario listens for."""
_CLAUSE = re.compile(
    r"(?:i|you|we|it|that|this|they|there|nobody|rates?|your \w+|the \w+(?: \w+)?|you'll|i'll|"
    r"we'll|it's|i'm|you're)\b.*"
    r"\b(?:is|are|can|can't|cannot|will|won't|do|don't|does|doesn't|have|has|stays?|starts?|may|costs?|covers?|"
    r"checks?|takes?|works?|comes?|goes|knows?|pays?|resets?|would|need|respect|bring|ask|call|look|predict|move|is|'s|am|was|were)\b",
    re.IGNORECASE,
)
_PLEA = re.compile(
    r"(?:let's|let us|let me|send me|look at|start with|work backwards|compare the|put both|take your)\b", re.IGNORECASE
)


def best_question(call: Call, slot: str, phrases: Sequence[str]) -> str:
    """One of the phrases as a question; empty when none is a whole question."""
    whole = [p for p in phrases if _ASKS.match(p) and len(p.split()) >= 4 and "…" not in p and not _dangles(p)]
    fit = [p for p in whole if not _PRIVATE.search(p)]
    return spoken(call.pick(slot, fit), question=True) if fit else ""


def best_clause(call: Call, slot: str, phrases: Sequence[str]) -> str:
    """One of the phrases as a statement; empty when all are key words."""
    fit = [p for p in phrases if len(p.split()) >= 4 and "…" not in p and not _dangles(p) and not _ASKS.match(p)]
    whole = [p for p in fit if _CLAUSE.match(p)] or [p for p in fit if _PLEA.match(p)]
    return spoken(call.pick(slot, whole)) if whole else ""


def best_proposal(call: Call, slot: str, phrases: Sequence[str]) -> str:
    """One of the phrases as a proposal: a question where it begins like one."""
    fit = [
        p
        for p in phrases
        if (_ASKS.match(p) or _CLAUSE.match(p) or _PLEA.match(p)) and not _dangles(p) and "…" not in p
    ]
    if not fit:
        return ""
    chosen = call.pick(slot, fit)
    return spoken(chosen, question=bool(_ASKS.match(chosen)))


def best_statement(lead: str, label: str) -> str:
    """A request such as `Tell me about your closing date.`, with the label as a topic in its own right."""
    return f"{lead} this: {label}."


def _dangles(phrase: str) -> bool:
    return bool(_FREE_ENDS.search(phrase))
