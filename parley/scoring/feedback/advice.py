"""One thing to try: the costliest criterion, where it was lost, and better words from the scenario's own material."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parley.scoring.feedback.call import Call, Passage, imperative, listed, lower_first, points, upper_first
from parley.scoring.feedback.praise import called, why_of
from parley.scoring.feedback.remedies import (
    Tip,
    advise_on_compliance,
    advise_on_delivery,
    advise_on_goal,
    advise_on_objection,
)
from parley.scoring.feedback.sayable import best_clause, best_question, best_statement

Adviser = Callable[[Call, dict[str, Any], str], Tip]


def advise(call: Call) -> Tip | None:
    """The tip for the criterion that lost most points; None when nothing of weight was lost."""
    if call.breakdown.get("abstained"):
        return _too_short(call)
    for lost, criterion in call.costliest():
        adviser = _ADVISERS.get(str(criterion.get("id"))) or _ADVISERS.get(str(criterion.get("kind")))
        if adviser is not None:
            return adviser(call, criterion, points(lost))
    return None


def _too_short(call: Call) -> Tip:
    ask = _unasked(call)
    question = ask[0][1] if ask else "What made you call today?"
    return Tip(
        what=call.say("advice.too_short"),
        say_instead=call.say("say.too_short", question=question, question_lower=lower_first(question)),
    )


_FORMALITIES = {
    "identity": "this is [your name] with [your company]",
    "nmls": "my NMLS number is [your number]",
    "recording": "this call is recorded",
}


def _opening(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    missing = _missing(call, criterion)
    names = {str(phrase["id"]) for phrase in missing}
    said = listed([text for key, text in _FORMALITIES.items() if key in names] or [_FORMALITIES["identity"]])
    first = next((u for u in call.transcript if u["speaker"] == "rep" and "i" in u), None)
    todo = listed([imperative(str(phrase["label"])) for phrase in missing]) if missing else "say who you are"
    return Tip(
        what=call.say("advice.opening", lost=lost, todo=todo),
        say_instead=call.say("say.opening", said=said, said_capital=upper_first(said)),
        quote=call.sentence(first) if first else None,
    )


def _agenda(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    topics = [label for label, _ in _unasked(call)[:2]]
    slot = "say.agenda_topics" if len(topics) == 2 and call.seed % 3 else "say.agenda"
    return Tip(
        what=call.say("advice.agenda", lost=lost),
        say_instead=call.say(slot, topics=listed(topics) if topics else ""),
    )


def _discovery(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    unasked = _unasked(call)
    if not unasked:
        return _other(call, criterion, lost)
    question = unasked[0][1]
    return Tip(
        what=call.say("advice.discovery", lost=lost, topics=listed([label for label, _ in unasked[:3]])),
        say_instead=call.say(
            "say.discovery",
            question=question,
            question_lower=lower_first(question),
            second=unasked[1][1] if len(unasked) > 1 else "What else should I know?",
        ),
        quote=_first_statement(call),
    )


def _depth(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    branching = call.brief.branching if call.brief else None
    cues = list(branching.motive.cues) if branching else []
    cues += [ask for topic in branching.topics if topic.opens_motive for ask in topic.ask] if branching else []
    question = best_question(call, "cue", cues) or "What worries you most about this?"
    closed = [q for q in call.evidence("question_count") if q not in call.evidence("open_question_count")]
    slot = "advice.depth_more" if call.kpis.get("motive_found") else "advice.depth"
    return Tip(
        what=call.say(slot, lost=lost),
        say_instead=call.say("say.depth", question=question, question_lower=lower_first(question)),
        quote=closed[-1] if closed else None,
    )


def _phrase(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    missing = _missing(call, criterion)
    if not missing:
        return _other(call, criterion, lost)
    label = str(missing[0]["label"])
    todo = imperative(label)
    return Tip(what=call.say("advice.phrase", lost=lost, todo=todo), say_instead=_wording(call, missing[0], todo))


def _wording(call: Call, phrase: dict[str, Any], todo: str) -> str:
    """A sentence that says what was missing, or a direction in brackets where there are only key words for it."""
    label = str(phrase["label"])
    if phrase["id"] == "apr-with-rate":
        answer = "The rate today would be [rate], and the annual percentage rate, the APR, is [APR]."
    elif label.startswith("Asks") and (question := best_question(call, "form", phrase["say"])):
        return call.say("say.depth", question=question, question_lower=lower_first(question))
    elif label.startswith("Says that "):
        answer = upper_first(label.removeprefix("Says that ").rstrip(".")) + "."
        if answer.startswith("The call is"):
            answer = answer.replace("The", "This", 1)
    else:
        answer = best_clause(call, "form", phrase["say"])
    if not answer:
        return call.say("say.direction", todo=todo, todo_capital=upper_first(todo))
    return call.say("say.phrase", answer=answer, answer_lower=lower_first(answer))


def _judge(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    why = why_of(call, criterion)
    quotes = [Passage(e["i"], e["start_ms"], e["end_ms"], e["quote"]) for e in criterion.get("evidence") or []]
    mine = [q for q in quotes if call.verifies(q) and call.by_index[q.i]["speaker"] == "rep"]
    return Tip(
        what=call.say("advice.judge", criterion=called(criterion), lost=lost, why=why),
        say_instead=call.say("say.other"),
        quote=mine[0] if mine else None,
    )


def _other(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    return Tip(
        what=call.say("advice.measure", criterion=called(criterion), lost=lost, why=why_of(call, criterion)),
        say_instead=call.say("say.other"),
    )


_ADVISERS: dict[str, Adviser] = {
    "opening": _opening,
    "agenda": _agenda,
    "discovery": _discovery,
    "topic": _discovery,
    "depth": _depth,
    "pain-found": _depth,
    "phrase": _phrase,
    "objection": advise_on_objection,
    "compliance": advise_on_compliance,
    "goal": advise_on_goal,
    "kpi": advise_on_delivery,
    "judge": _judge,
}


def _missing(call: Call, criterion: dict[str, Any]) -> list[dict[str, Any]]:
    """The criterion's phrases that were not said."""
    chosen = next((c.get("of") for c in call.rubric.get("criteria") or [] if c["id"] == criterion["id"]), None) or []
    missing = {p["id"] for p in call.kpis.get("phrases") or [] if p["found"] is False}
    return [
        phrase
        for phrase in call.rubric.get("phrases") or []
        if phrase["id"] in missing and (not chosen or phrase["id"] in chosen)
    ]


def _unasked(call: Call) -> list[tuple[str, str]]:
    """Label and a question for each discovery topic that was not asked, turned by the call so that tips differ."""
    asked = {t["id"] for t in call.kpis.get("topics") or [] if t["covered_at"] is not None}
    open_topics = [t for t in call.rubric.get("topics") or [] if t.get("discovery") and t["id"] not in asked]
    turn = call.seed % len(open_topics) if open_topics else 0
    return [
        (
            str(t["label"]),
            best_question(call, f"ask-{t['id']}", t["ask"]) or best_statement("Tell me about", str(t["label"])),
        )
        for t in open_topics[turn:] + open_topics[:turn]
    ]


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
