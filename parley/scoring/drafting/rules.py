"""What can be read off a transcript without a language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parley.scoring.drafting import CallDraft, DraftObjection

MOST_OBJECTIONS = 5
_SENTENCE = re.compile(r"\S.*?(?:[.?!…]+(?=\s|$)|$)", re.DOTALL)
_NAME = re.compile(r"\b(?:this is|my name is|my name's|i'm|i am|it's) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)\b")
_DOUBT = re.compile(
    r"\b(?:too (?:high|much|expensive|long|soon)|expensive|not sure|don't (?:want|need|know|like|trust|think)|"
    r"cheaper|wait|already have|think about it|someone else|somebody else|another (?:lender|company|offer|quote)|"
    r"not interested|no time|why (?:would|should) i|can't afford|worried|what's the catch|hidden|in writing)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|honestly|the truth is|worried|afraid|what matters|last time|got burned)\b", re.IGNORECASE
)
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|month|week|year)s?\b",
    re.IGNORECASE,
)


def draft_by_rules(
    transcript: Sequence[Mapping[str, Any]], kpis: Mapping[str, Any], rubric: Mapping[str, Any]
) -> CallDraft:
    """Name, opening, facts, objections and a reason, each in the buyer's own words."""
    buyer = [(int(u.get("i", n)), str(u["text"])) for n, u in enumerate(transcript) if u["speaker"] == "buyer"]
    said = [(i, sentence) for i, text in buyer for sentence in sentences(text)]
    objections = list(_objections(dict(buyer), said, kpis, rubric))[:MOST_OBJECTIONS]
    used = {objection.line for objection in objections}
    # `Honestly?` often stands alone; the reason is what follows in the same breath.
    open_words = [s for _, text in buyer if _REASON.search(text) for s in sentences(text)]
    reasons = [s for s in open_words if s not in used and len(s.split()) >= 5]
    return CallDraft(
        name=next((m[1] for _, text in buyer if (m := _NAME.search(text))), ""),
        motive=max(reasons, key=len, default=""),
        facts=_facts(buyer, kpis, rubric),
        opening=" ".join(sentences(buyer[0][1])[:2]) if buyer else "",
        objections=objections,
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with a mark at its end."""
    found = [m.group().strip() for m in _SENTENCE.finditer(" ".join(text.split()))]
    return [s if s[-1] in ".?!…" else s + "." for s in found if re.search(r"\w", s)]


def _objections(
    by_index: dict[int, str], said: list[tuple[int, str]], kpis: Mapping[str, Any], rubric: Mapping[str, Any]
) -> Iterator[DraftObjection]:
    known = {o["tag"]: o for o in rubric.get("objections") or []}
    taken: set[int] = set()
    for raised in kpis.get("objections") or []:
        text, objection = by_index.get(raised["raised_at"], ""), known.get(raised["tag"])
        if text and objection:
            taken.add(raised["raised_at"])
            yield DraftObjection(label=str(objection["label"]), line=" ".join(sentences(text)[:2]))
    for i, sentence in said:
        if i not in taken and _DOUBT.search(sentence) and 4 <= len(sentence.split()) <= 40:
            taken.add(i)
            yield DraftObjection(label=" ".join(sentence.rstrip(".?!…").split()[:8]), line=sentence)


def _facts(buyer: list[tuple[int, str]], kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> dict[str, str]:
    """For each topic that was asked, what the buyer answered with a figure in it."""
    labels = {t["id"]: str(t["label"]) for t in rubric.get("topics") or []}
    facts: dict[str, str] = {}
    for topic in kpis.get("topics") or []:
        if topic["covered_at"] is None or topic["id"] not in labels:
            continue
        answer = next((text for i, text in buyer if i > topic["covered_at"]), "")
        told = next((s for s in sentences(answer) if _FIGURE.search(s)), "")
        if told:
            facts[labels[topic["id"]]] = told
    return facts
