"""Two to four passages of the call that are worth hearing again, with a remark each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from parley.scoring.feedback.call import Call, Passage, lower_first

MOST = 4
LONG_MONOLOGUE_S = 90
MANY_FILLERS = 5
"""Per minute."""


def choose_moments(call: Call, *, taken: Passage | None) -> list[Passage]:
    """At most four passages, mistakes and successes in turn, each utterance once; `taken` is quoted elsewhere."""
    used = {taken.i} if taken else set()
    good, poor = _good(call), _poor(call)
    chosen: list[Passage] = []
    for n in range(MOST):
        first, second = (poor, good) if n % 2 == 0 else (good, poor)
        moment = _next(first, used) or _next(second, used)
        if moment is not None:
            chosen.append(moment)
    plain = _plain(call)
    while len(chosen) < 2 and (moment := _next(plain, used)) is not None:
        chosen.append(moment)
    return sorted(chosen, key=lambda moment: moment.start_ms)


Remarked = tuple[Passage, str, dict[str, str]]
"""A passage, the slot of its remark, and what the remark needs."""


def _next(moments: Iterator[tuple[Call, Remarked]], used: set[int]) -> Passage | None:
    """The next passage of an utterance that is not quoted yet, with its remark; only then is a sentence chosen."""
    for call, (passage, slot, given) in moments:
        if passage.i not in used:
            used.add(passage.i)
            return replace(passage, comment=call.say(f"moments.{slot}", **given))
    return None


def _poor(call: Call) -> Iterator[tuple[Call, Remarked]]:
    rules = {check["id"]: check for check in call.rubric.get("compliance") or []}
    for check in call.kpis.get("compliance") or []:
        known = rules.get(check["id"], {})
        if check["outcome"] == "fail" and known.get("rule"):
            for moment in call.evidence(f"compliance:{check['id']}", speaker="rep")[:1]:
                yield call, (moment, "compliance", {"check": str(known["label"]), "rule": str(known["rule"])})
    for objection in _objections(call, explored=False):
        reply = call.reply_after(objection["raised_at"])
        if reply is not None and (said := call.sentence(reply)) is not None:
            yield call, (said, "unexplored", {"said": call.objection_words(objection)})
    if (call.kpis.get("longest_monologue_s") or 0) > LONG_MONOLOGUE_S:
        for moment in call.evidence("longest_monologue_s", speaker="rep")[:1]:
            yield call, (moment, "monologue", {"seconds": str(round(call.kpis["longest_monologue_s"]))})
    for moment in call.evidence("interruptions_by_rep")[:1]:
        yield call, (moment, "interruption", {})
    goal = call.kpis.get("goal") or {}
    if goal.get("asked") and not goal.get("hit"):
        for moment in call.evidence("goal", speaker="rep")[:1]:
            yield call, (moment, "proposal_early", {})
    if (call.kpis.get("fillers_per_minute") or 0) > MANY_FILLERS and (call.kpis.get("filler_count") or 0) > 1:
        for moment in call.evidence("fillers_per_minute", speaker="rep")[:1]:
            yield call, (moment, "fillers", {"count": str(call.kpis["filler_count"])})


def _good(call: Call) -> Iterator[tuple[Call, Remarked]]:
    motive = str((call.rubric.get("motive") or {}).get("label", ""))
    if call.kpis.get("motive_found") and motive:
        found = call.evidence("motive_found")[:1]
        before = [q for m in found for q in call.evidence("open_question_count") if q.i < m.i]
        for moment in before[-1:]:
            yield call, (moment, "motive", {"motive": motive if motive.startswith(call.name) else lower_first(motive)})
    for objection in _objections(call, explored=True):
        replies = call.evidence(f"objection:{objection['tag']}", speaker="rep")
        for moment in [m for m in replies if m.quote.endswith("?")][:1]:
            yield call, (moment, "explored", {"said": call.objection_words(objection)})
    if (call.kpis.get("goal") or {}).get("hit"):
        for moment in call.evidence("goal", speaker="rep")[:1]:
            yield call, (moment, "goal_hit", {})
    for phrase in call.kpis.get("phrases") or []:
        if phrase["found"] and phrase["id"] == "apr-with-rate":
            for moment in call.evidence("phrase:apr-with-rate")[:1]:
                yield call, (moment, "apr", {})
    for moment in call.evidence("open_question_count")[:2]:
        yield call, (moment, f"open_{_third(call, moment)}", {})


def _third(call: Call, moment: Passage) -> str:
    """In which third of the call it was said: first, middle or late."""
    length_ms = 1000 * max((float(u["end"]) for u in call.transcript), default=1.0)
    share = moment.start_ms / length_ms
    return "first" if share < 1 / 3 else "middle" if share < 2 / 3 else "late"


def _objections(call: Call, *, explored: bool) -> list[dict[str, Any]]:
    return [o for o in call.kpis.get("objections") or [] if o["explored"] is explored]


def _plain(call: Call) -> Iterator[tuple[Call, Remarked]]:
    """When little happened: the rep's own words, longest first."""
    spoken = [u for u in call.transcript if u["speaker"] == "rep" and "i" in u and len(str(u["text"]).split()) >= 4]
    for utterance in sorted(spoken, key=lambda u: -len(str(u["text"]))):
        if (moment := call.sentence(utterance)) is not None:
            yield call, (moment, "plain", {})
