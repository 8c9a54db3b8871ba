"""What went well, how the call went as a whole, and what to practise next."""

from __future__ import annotations

from typing import Any

from parley.scoring.feedback.call import Call, imperative, listed, lower_first

WELL = 0.8
MOST_STRENGTHS = 3


def summary(call: Call) -> str:
    """Two or three sentences on the whole call."""
    if call.breakdown.get("abstained"):
        why = str(call.breakdown.get("abstained_why") or "There was too little to judge.")
        return f"{why} " + call.pick(
            "abstained",
            f"No harm done: call {call.name} again and stay on the line until you have proposed a next step.",
            f"Try once more, and this time ask {call.name} at least three questions before you hang up.",
            f"Give {call.name} a few minutes next time, so that there is something to coach.",
        )
    return " ".join(filter(None, [_outcome(call), _decider(call), _cap(call)]))


def _outcome(call: Call) -> str:
    total, mark = call.total or 0.0, call.breakdown.get("pass_mark", 75)
    goal = str((call.rubric.get("goal") or {}).get("label") or "the goal")
    points = f"{total:g} points"
    if call.goal_hit and total >= mark:
        return call.pick(
            "outcome-won",
            f"{call.name} said yes ({lower_first(goal)}), and {points} carry the call past the pass mark.",
            f"A call that works: {lower_first(goal)}, and {points} with {call.name}.",
            f"You got {call.name} to what the call was for, {lower_first(goal)}, with {points}.",
        )
    if call.goal_hit:
        return call.pick(
            "outcome-lucky",
            f"{call.name} said yes, but the way there earned only {points}.",
            f"{call.name} agreed ({lower_first(goal)}); {points} say that the road to it can be better.",
            f"The result is there: {call.name} agreed. The way to it is worth {points}, below the mark of {mark:g}.",
        )
    if total >= mark:
        return call.pick(
            "outcome-close",
            f"Well handled with {points}, though {call.name} did not yet agree to: {lower_first(goal)}.",
            f"{points[:1].upper()}{points[1:]}: the craft is there, only the yes of {call.name} is missing.",
            f"A good conversation with {call.name} ({points}) that ended without the next step: {lower_first(goal)}.",
        )
    return call.pick(
        "outcome-lost",
        f"{call.name} did not agree to the next step, and the call earned {points}.",
        f"This call with {call.name} earned {points}; {lower_first(goal)} is still open.",
        f"At {points} there is room to grow: {call.name} left without agreeing to anything.",
        f"{call.name} did not get to the goal, {lower_first(goal)}, and {points} show where it slipped.",
    )


def _decider(call: Call) -> str:
    lost = call.costliest()
    if not lost:
        return "Nothing of weight was missing."
    points, criterion = lost[0]
    label = lower_first(str(criterion["label"]))
    why = str(criterion["why"]).split("; full marks")[0].rstrip(".")
    return call.pick(
        "decider",
        f"Most was lost on {label}, {points:g} points: {lower_first(why)}.",
        f"The dearest gap is {label} at {points:g} points ({lower_first(why)}).",
        f"What cost you most is {label}: {points:g} points. {why}.",
        f"{points:g} of the missing points are {label} ({lower_first(why)}).",
    )


def _cap(call: Call) -> str:
    gate = next((g for g in call.rubric.get("gates") or [] if g["id"] == call.breakdown.get("gate")), None)
    if gate is None:
        return ""
    label = lower_first(str(gate.get("label") or "a rule that was broken"))
    if call.breakdown.get("capped_by"):
        return f"The score is capped because of this check: {label}; without it you would have had {_sum(call):g}."
    return f"One check failed that alone caps a call at {gate['cap']:g}: {label}."


def _sum(call: Call) -> float:
    return float(call.breakdown.get("uncapped") or 0)


def strengths(call: Call) -> list[str]:
    """Up to three things that earned their points, with what exactly was good."""
    won = [c for c in call.criteria if c.get("points") is not None and c["share"] >= WELL and c["weight"] >= 1]
    lines = [_strength(call, c) for c in sorted(won, key=lambda c: -c["weight"])]
    return [line for line in lines if line][:MOST_STRENGTHS]


def _strength(call: Call, criterion: dict[str, Any]) -> str:
    kind = criterion.get("kind")
    if kind == "topic":
        asked = {t["id"] for t in call.kpis.get("topics") or [] if t["covered_at"] is not None}
        names = [t["label"] for t in call.rubric.get("topics") or [] if t["id"] in asked and t.get("discovery")]
        some = listed(names[:3]) if names else ""
        return call.pick(
            "s-topic",
            f"You asked {len(names)} discovery questions, among them {some}.",
            f"You know your buyer: {some} and more were asked, not assumed.",
            f"Thorough discovery: {len(names)} topics, {some} included.",
        )
    if kind == "objection":
        labels = {o["tag"]: o["label"] for o in call.rubric.get("objections") or []}
        taken = [
            labels.get(o["tag"], o["tag"]) for o in call.kpis.get("objections") or [] if (o.get("share") or 0) >= WELL
        ]
        if not taken:
            return ""
        return call.pick(
            "s-objection",
            f"You took “{listed(taken)}” step by step: heard, explored, answered.",
            f"Objections did not throw you; “{listed(taken)}” ended with an answer that fits.",
            f"“{listed(taken)}” was explored before it was answered.",
        )
    if kind == "compliance":
        passed = sum(check["outcome"] == "pass" for check in call.kpis.get("compliance") or [])
        return call.pick(
            "s-compliance",
            f"Clean on compliance: all {passed} checks held.",
            f"Nothing that a compliance officer would circle; {passed} checks, none broken.",
            "You stayed inside the rules from the first word to the last.",
        )
    if kind == "goal":
        return call.pick(
            "s-goal",
            f"You closed with a concrete next step and {call.name} agreed.",
            "The call ended with a date, not with “I'll send you something”.",
            f"{call.name} left knowing what happens next, and when.",
        )
    if kind == "phrase":
        return _said(call, criterion)
    talk = call.kpis.get("talk_listen")
    if criterion.get("id") == "delivery" and talk:
        return call.pick(
            "s-delivery",
            f"Easy to listen to: a talk split of {talk} and no hurry.",
            f"Calm delivery, with {talk} between you and {call.name}.",
            f"Pace and balance ({talk}) were where they should be.",
        )
    if call.kpis.get("motive_found"):
        return call.pick(
            "s-depth",
            f"You found out what {call.name} does not say at first.",
            "You went deeper than the first answer and found the motive.",
            f"{call.kpis.get('open_question_count')} open questions, and one of them opened {call.name} up.",
        )
    return f"{criterion['label']}: {str(criterion['why']).rstrip('.')}."


def _said(call: Call, criterion: dict[str, Any]) -> str:
    chosen = next((c.get("of") for c in call.rubric.get("criteria") or [] if c["id"] == criterion["id"]), None) or []
    found = {p["id"] for p in call.kpis.get("phrases") or [] if p["found"]}
    labels = [p["label"] for p in call.rubric.get("phrases") or [] if p["id"] in found and p["id"] in chosen]
    done = listed([imperative(str(label)) for label in labels[:3]]) if labels else ""
    return done and call.pick(
        f"s-{criterion['id']}",
        f"You did not forget to {done}.",
        f"Well prepared: you were careful to {done}.",
        f"{call.name} did not have to ask: you were the first to {done}.",
    )


def next_step(call: Call) -> str:
    """What to practise in the next call."""
    if call.breakdown.get("abstained"):
        return f"Start the call with {call.name} again and keep it going for at least three minutes."
    lost = call.costliest()
    if not lost:
        return call.pick(
            "n-all",
            "Take a harder scenario; this one has nothing left to teach you.",
            "Try the same buyer with half of the questions: can you get there faster?",
        )
    focus = [lower_first(str(criterion["label"])) for _, criterion in lost[:2]]
    gain = round(sum(points for points, _ in lost[:2]))
    if (call.total or 0) >= call.breakdown.get("pass_mark", 75):
        return call.pick(
            "n-passed",
            f"You passed; call once more with an eye on {listed(focus)}, where up to {gain} points are left.",
            f"Next: the same call with {listed(focus)} done properly, then a harder scenario.",
            f"Keep all of that and add {listed(focus)}.",
        )
    return call.pick(
        "n-again",
        f"Call {call.name} again and work on one thing only: {focus[0]}.",
        f"In the next call think of {listed(focus)}; together they hold {gain} points.",
        f"Before you call {call.name} again, write down how you will handle {focus[0]}.",
        f"Try again today while it is fresh, beginning with {focus[0]}.",
    )
