"""One thing to try: the costliest criterion, where it was lost, and better words from the scenario's own material."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parley.scoring.feedback.call import Call, Passage, imperative, listed, lower_first, spoken
from parley.scoring.feedback.remedies import (
    Tip,
    advise_on_compliance,
    advise_on_delivery,
    advise_on_goal,
    advise_on_objection,
)

Adviser = Callable[[Call, dict[str, Any], float], Tip]


def advise(call: Call) -> Tip | None:
    """The tip for the criterion that lost most points; None when nothing of weight was lost."""
    if call.breakdown.get("abstained"):
        return _too_short(call)
    for points, criterion in call.costliest():
        adviser = _ADVISERS.get(str(criterion.get("id"))) or _ADVISERS.get(str(criterion.get("kind")))
        if adviser is not None:
            return adviser(call, criterion, points)
    return None


def _too_short(call: Call) -> Tip:
    ask = _unasked(call)
    question = spoken(ask[0][1], question=True) if ask else "What made you call today?"
    return Tip(
        what=f"Say who you are and ask {call.name} a first question; a call is judged from thirty of your words on.",
        say_instead=f"Thanks for the call, {call.name}. May I ask you a few questions first? {question}",
    )


def _opening(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    missing = _missing_labels(call, criterion)
    missed = [imperative(label) for _, label in missing]
    first = next((u for u in call.transcript if u["speaker"] == "rep" and "i" in u), None)
    parts = {
        "identity": "this is [your name] with [your company]",
        "nmls": "my NMLS number is [your number]",
        "recording": "this call is recorded",
    }
    said = [text for key, text in parts.items() if key in {name for name, _ in missing}] or [parts["identity"]]
    return Tip(
        what=call.pick(
            "t-opening",
            f"Open completely, for {points:g} points more: {listed(missed)}.",
            f"Put the formalities first, so that {call.name} knows who is speaking: {listed(missed)}.",
        )
        if missing
        else "Open completely.",
        say_instead=f"Hi {call.name}, {listed(said)}. How can I help you today?",
        quote=call.sentence(first) if first else None,
    )


def _agenda(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    topics = [label for label, _ in _unasked(call)[:2]]
    about = f" about {listed(topics)}" if topics else ""
    return Tip(
        what=call.pick(
            "t-agenda",
            f"Ask before you ask: {points:g} points were for agreeing on what the call is for.",
            f"Tell {call.name} where the call is going and get a yes to it.",
            "A sentence of agenda buys you the right to ask the rest.",
        ),
        say_instead=call.pick(
            "i-agenda",
            f"So that the answer fits you, {call.name}, may I ask you a few questions{about} first?",
            f"Here is what I suggest: a few questions{about}, then I tell you what I would do. Does that work for you?",
        ),
    )


def _discovery(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    unasked = _unasked(call)
    labels = [label for label, _ in unasked[:3]]
    question = spoken(unasked[0][1], question=True) if unasked else "What else should I know?"
    second = spoken(unasked[1][1], question=True) if len(unasked) > 1 else ""
    return Tip(
        what=call.pick(
            "t-discovery",
            f"Ask more before you recommend; {points:g} points lie in questions you did not ask: {listed(labels)}.",
            f"You never asked about {listed(labels)}. {call.name} would have told you.",
            f"Fill the gaps in the picture: {listed(labels)} were missing.",
            f"Discovery stopped early. Before any number comes {listed(labels)}.",
        )
        if labels
        else "Ask more before you recommend.",
        say_instead=f"{question} {second}".strip(),
        quote=_first_statement(call),
    )


def _depth(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    branching = call.brief.branching if call.brief else None
    cues = list(branching.motive.cues) if branching else []
    cues += [ask for topic in branching.topics if topic.opens_motive for ask in topic.ask] if branching else []
    better = spoken(call.pick("cue", *cues), question=True) if cues else "What worries you most about this?"
    closed = [q for q in call.evidence("question_count") if q not in call.evidence("open_question_count")]
    found = call.kpis.get("motive_found")
    return Tip(
        what=call.pick(
            "t-depth-more",
            "The motive is found; a few more open questions would make it full marks.",
            "Turn some yes-or-no questions into open ones.",
        )
        if found
        else call.pick(
            "t-depth",
            f"{call.name} has a reason that was never said. It takes an open question once the facts are known.",
            f"Behind the facts there is a motive, and it stayed hidden. Ask {call.name} why, once trust is there.",
            f"You know what {call.name} wants, not why. {points:g} points lie in the why.",
        ),
        say_instead=better,
        quote=closed[-1] if closed else None,
    )


def _accuracy(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    missing = _missing_labels(call, criterion)
    phrases = {p["id"]: p for p in call.rubric.get("phrases") or []}
    name, label = missing[0] if missing else ("", str(criterion["label"]))
    forms = [form for form in phrases.get(name, {}).get("say", []) if len(form.split()) > 2]
    fact = call.fact(label)
    return Tip(
        what=call.pick(
            "t-accuracy",
            f"This buyer's case calls for one thing more: {imperative(label)}.",
            f"One thing {call.name} never heard from you: {imperative(label)}.",
            f"{points:g} points hang on one sentence: {imperative(label)}.",
        )
        + (f" What you know of {call.name}: {fact}." if fact else ""),
        say_instead=f"One thing to be clear about: {lower_first(spoken(call.pick('form', *forms)))}"
        if forms
        else spoken(label),
    )


_ADVISERS: dict[str, Adviser] = {
    "opening": _opening,
    "agenda": _agenda,
    "discovery": _discovery,
    "topic": _discovery,
    "depth": _depth,
    "phrase": _accuracy,
    "objection": advise_on_objection,
    "compliance": advise_on_compliance,
    "goal": advise_on_goal,
    "kpi": advise_on_delivery,
}


def _missing_labels(call: Call, criterion: dict[str, Any]) -> list[tuple[str, str]]:
    """Id and label of the criterion's phrases that were not said."""
    chosen = next((c.get("of") for c in call.rubric.get("criteria") or [] if c["id"] == criterion["id"]), None) or []
    labels = {p["id"]: p["label"] for p in call.rubric.get("phrases") or []}
    missing = [p["id"] for p in call.kpis.get("phrases") or [] if p["found"] is False]
    return [(name, labels[name]) for name in missing if name in labels and (not chosen or name in chosen)]


def _unasked(call: Call) -> list[tuple[str, str]]:
    """Label and one way to ask for each discovery topic that was not asked, turned by the call so that tips differ."""
    asked = {t["id"] for t in call.kpis.get("topics") or [] if t["covered_at"] is not None}
    open_topics = [t for t in call.rubric.get("topics") or [] if t.get("discovery") and t["id"] not in asked]
    turn = call.seed % len(open_topics) if open_topics else 0
    return [(t["label"], call.pick(f"ask-{t['id']}", *t["ask"])) for t in open_topics[turn:] + open_topics[:turn]]


def _first_statement(call: Call) -> Passage | None:
    """Where the rep first explained at length instead of asking."""
    asked = {q.i for q in call.evidence("question_count")}
    for utterance in call.transcript[2:]:
        if (
            utterance["speaker"] == "rep"
            and utterance.get("i") not in asked
            and len(str(utterance["text"]).split()) >= 12
        ):
            return call.sentence(utterance) if "i" in utterance else None
    return None
