"""What went well, how the call went as a whole, and what to practise next."""

from __future__ import annotations

from typing import Any

from parley.scoring.feedback.call import Call, counted, imperative, listed, lower_first, points

WELL = 0.8
MOST_STRENGTHS = 3


def summary(call: Call) -> str:
    """Two or three sentences on the whole call."""
    if call.breakdown.get("abstained"):
        why = str(call.breakdown.get("abstained_why") or "There was too little to judge.")
        return f"{why} {call.say('summary.abstained')}"
    return " ".join(filter(None, [_outcome(call), _decider(call), _cap(call)]))


def _outcome(call: Call) -> str:
    total, mark = call.total or 0.0, float(call.breakdown.get("pass_mark", 75))
    return call.say(f"summary.{_ending(call, total >= mark)}", points=points(total), mark=f"{mark:g}")


def _ending(call: Call, passed: bool) -> str:
    goal = call.kpis.get("goal") or {}
    if call.goal_hit:
        return "won" if passed else "lucky"
    if passed:
        return "close"
    if call.lost_patience:
        return "patience"
    return "lost_asked" if goal.get("asked") else "lost_silent"


def _decider(call: Call) -> str:
    lost = call.costliest()
    if not lost:
        return call.say("summary.nothing_lost")
    number, criterion = lost[0]
    return call.say("summary.decider", criterion=called(criterion), lost=points(number), why=why_of(call, criterion))


def called(criterion: dict[str, Any]) -> str:
    """A criterion's label as a name in quotation marks, so that any wording of it fits into any sentence."""
    return f"“{criterion['label']}”"


def why_of(call: Call, criterion: dict[str, Any]) -> str:
    """The reason for a criterion's share in short: the weakest part, the worst objection, the first checks."""
    parts = [p for p in criterion.get("parts") or [] if p.get("share") is not None]
    if criterion.get("kind") == "objection" and (missed := _worst_objection(call)):
        return missed
    if criterion.get("kind") == "compliance" and (failed := _failed_checks(call)):
        return failed
    why = str(min(parts, key=lambda p: p["share"])["why"] if parts else criterion["why"])
    kept = [piece for piece in why.rstrip(".").split("; ") if not piece.startswith(("full marks", "not asked"))]
    return lower_first("; ".join(kept))


def _failed_checks(call: Call) -> str:
    labels = {c["id"]: str(c["label"]) for c in call.rubric.get("compliance") or []}
    failed = [labels.get(c["id"], c["id"]) for c in call.kpis.get("compliance") or [] if c["outcome"] == "fail"]
    if not failed:
        return ""
    more = f" and {counted(len(failed) - 1, 'more check')}" if len(failed) > 1 else ""
    return f"“{failed[0]}”{more} failed"


_STEPS = {
    "listened": "heard out",
    "acknowledged": "acknowledged",
    "explored": "explored",
    "answered": "answered",
    "confirmed": "confirmed",
}


def _worst_objection(call: Call) -> str:
    raised = sorted(call.kpis.get("objections") or [], key=lambda o: o.get("share") or 0)
    missed = [words for step, words in _STEPS.items() if raised and raised[0].get(step) is False]
    if not missed:
        return ""
    steps = missed[0] if len(missed) == 1 else ", ".join(missed[:-1]) + " or " + missed[-1]
    return f"“{call.objection_words(raised[0])}” was never {steps}"


def _cap(call: Call) -> str:
    gate = next((g for g in call.rubric.get("gates") or [] if g["id"] == call.breakdown.get("gate")), None)
    if gate is None:
        return ""
    check = str(gate.get("label") or gate["id"])
    if call.breakdown.get("capped_by"):
        return call.say("summary.capped", check=check, sum=points(float(call.breakdown.get("uncapped") or 0)))
    return call.say("summary.gate", check=check, cap=f"{gate['cap']:g}")


def strengths(call: Call) -> list[str]:
    """Up to three things that earned their points, with what exactly was good."""
    won = [c for c in call.criteria if c.get("points") is not None and c["share"] >= WELL and c["weight"] >= 1]
    lines: list[str] = []
    kinds: set[str] = set()
    for criterion in sorted(won, key=lambda c: -c["weight"]):
        kind = str(criterion.get("kind"))
        # Two lines of one kind would say the same thing about the same words.
        if kind not in kinds and (line := _strength(call, criterion)):
            kinds.add(kind)
            lines.append(line)
    return lines[:MOST_STRENGTHS]


def _strength(call: Call, criterion: dict[str, Any]) -> str:
    kind = criterion.get("kind")
    if kind == "topic":
        return _asked(call)
    if kind == "objection":
        taken = [o for o in call.kpis.get("objections") or [] if (o.get("share") or 0) >= WELL]
        return call.say("strengths.objection", said=call.objection_words(taken[0])) if taken else ""
    if kind == "compliance":
        passed = sum(check["outcome"] == "pass" for check in call.kpis.get("compliance") or [])
        return call.say("strengths.compliance", checks=counted(passed, "check"))
    if kind == "goal":
        return call.say("strengths.goal") if call.goal_hit else ""
    if kind == "phrase":
        return _said(call, criterion)
    talk = str(call.kpis.get("talk_listen") or "")
    if criterion.get("id") == "delivery" and talk:
        return call.say("strengths.delivery", talk=talk)
    if call.kpis.get("motive_found") and criterion.get("id") in ("depth", "pain-found"):
        return call.say("strengths.depth")
    return call.say("strengths.other", criterion=called(criterion), why=why_of(call, criterion))


def _asked(call: Call) -> str:
    asked = {t["id"] for t in call.kpis.get("topics") or [] if t["covered_at"] is not None}
    names = [t["label"] for t in call.rubric.get("topics") or [] if t["id"] in asked and t.get("discovery")]
    return call.say("strengths.topic", count=str(len(names)), topics=listed(names[:3])) if len(names) > 2 else ""


def _said(call: Call, criterion: dict[str, Any]) -> str:
    chosen = next((c.get("of") for c in call.rubric.get("criteria") or [] if c["id"] == criterion["id"]), None) or []
    found = {p["id"] for p in call.kpis.get("phrases") or [] if p["found"]}
    labels = [p["label"] for p in call.rubric.get("phrases") or [] if p["id"] in found and p["id"] in chosen]
    return call.say("strengths.phrase", done=imperative(str(labels[0]))) if labels else ""


def next_step(call: Call) -> str:
    """What to practise in the next call."""
    if call.breakdown.get("abstained"):
        return call.say("next.abstained")
    lost = call.costliest()
    if not lost:
        return call.say("next.all")
    passed = (call.total or 0) >= call.breakdown.get("pass_mark", 75)
    second = called(lost[1][1]) if len(lost) > 1 else ""
    gain = points(round(sum(number for number, _ in lost[: 2 if second and not passed else 1])))
    return call.say("next.passed" if passed else "next.again", focus=called(lost[0][1]), second=second, gain=gain)
