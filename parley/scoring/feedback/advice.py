"""One thing to try: the costliest criterion, where it was lost, and better words from the scenario's own material."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parley.scoring.feedback.call import Call, Passage, imperative, listed, lower_first, spoken


@dataclass(frozen=True, slots=True)
class Tip:
    """What to do differently, words for it, and the passage they would replace."""

    what: str
    say_instead: str
    quote: Passage | None = None


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


def _objection(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    raised = sorted(call.kpis.get("objections") or [], key=lambda o: o.get("share") or 0)
    if not raised:
        return Tip(what="Answer the objection.", say_instead="What is behind that?")
    worst = raised[0]
    known: dict[str, Any] = next((o for o in call.rubric.get("objections") or [] if o["tag"] == worst["tag"]), {})
    label = lower_first(str(known.get("label", worst["tag"])))
    reply = call.reply_after(worst["raised_at"])
    fact = call.fact(label + " " + " ".join(known.get("explore", [])))
    with_fact = f" ({call.name}'s {fact})" if fact else ""
    own = [spoken(a) for a in known.get("acknowledge", [])]
    ack = call.pick("ack", *own, "That is a fair point.", "I can see why you say that.", "Good that you bring it up.")
    explore = (
        spoken(call.pick("explore", *known["explore"]), question=True)
        if known.get("explore")
        else "What is behind that?"
    )
    quote = call.sentence(reply) if reply else None
    if not worst["explored"]:
        return Tip(
            what=call.pick(
                "t-explore",
                f"When “{label}” comes, ask before you answer{with_fact}.",
                f"Slow down at “{label}”: one question first, then the answer{with_fact}.",
                f"“{label}” was answered before it was understood{with_fact}. Explore it; that step weighs most.",
            ),
            say_instead=f"{ack} {explore}",
            quote=quote,
        )
    if not worst["answered"]:
        ideas = [form for idea in known.get("answer", []) for form in idea]
        answer = spoken(call.pick("answer", *ideas)) if ideas else "Let us look at the numbers together."
        return Tip(
            what=call.pick(
                "t-answer",
                f"You asked about “{label}” and then left it open. Close it with what settles it{with_fact}.",
                f"“{label}” still stands{with_fact}. After exploring comes an answer with substance.",
            ),
            say_instead=f"{ack} {answer}",
            quote=quote,
        )
    if not worst["acknowledged"]:
        return Tip(
            what=f"Before anything else, show {call.name} that you heard “{label}”.",
            say_instead=f"{ack} {explore}",
            quote=quote,
        )
    confirm = [spoken(c, question=True) for c in known.get("confirm", [])]
    return Tip(
        what=call.pick(
            "t-confirm",
            f"Check that “{label}” is settled before you move on.",
            f"You answered “{label}” and went on. Ask {call.name} whether that does it.",
        ),
        say_instead=call.pick("confirm", *confirm, "Does that settle it for you?", "How does that sound to you?"),
        quote=quote,
    )


_LEGAL = {
    "C01": "My NMLS number is [your number]; you can look me up with it.",
    "C05": "Before we start: this call is recorded. Is that all right with you?",
    "C09": "I can't promise an approval or a rate. What I can do is get your file to underwriting and keep you posted.",
    "C10": "I ask every applicant the same things: income, assets, debts and the property.",
    "C11": "Will anyone else be on the loan with you?",
    "C18": "I can't give anything for referrals. What I can offer is fast answers, also at weekends.",
    "C22": "Please put it on the application as it is; then we look for the program that fits.",
}


def _compliance(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    order = {"fail": 0, "major": 1, "minor": 2}
    failed = [c for c in call.kpis.get("compliance") or [] if c["outcome"] == "fail"]
    if not failed:
        return Tip(what="Stay inside the rules.", say_instead="Let me check that and get back to you.")
    worst = min(failed, key=lambda c: order.get(c["severity"], 3))
    check: dict[str, Any] = next((c for c in call.rubric.get("compliance") or [] if c["id"] == worst["id"]), {})
    moments = call.evidence(f"compliance:{worst['id']}")
    rule = str(check.get("rule", ""))
    label = str(check.get("label", worst["id"]))
    return Tip(
        what=call.pick(
            "t-compliance",
            f"{label}: {rule}",
            f"This costs {points:g} points here and more outside: {lower_first(label)}. {rule}",
            f"Mind the rule: {rule} ({lower_first(label)})",
        ),
        say_instead=_LEGAL.get(str(worst["id"])) or _legal_rate(call, str(worst["id"])),
        quote=moments[0] if moments else None,
    )


def _legal_rate(call: Call, check: str) -> str:
    if check == "C06":
        return "The rate today would be [rate], and the annual percentage rate, the APR, is [APR]."
    return call.pick(
        "i-legal",
        "Let me tell you what I can stand behind, and put it in writing for you.",
        f"I would rather show you the figures, {call.name}, than promise you something.",
        "That is not something I can promise. Here is what I know for sure.",
    )


def _goal(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    asks = list((call.rubric.get("goal") or {}).get("ask") or [])
    proposal = lower_first(spoken(call.pick("ask", *asks)).rstrip(".")) if asks else "let us take the next step"
    day = call.pick("day", "tomorrow at ten", "Thursday at four", "this afternoon at five", "on Monday morning at nine")
    goal = call.kpis.get("goal") or {}
    moments = call.evidence("goal")
    asked = bool(goal.get("asked"))
    return Tip(
        what=call.pick(
            "t-date",
            f"The proposal needs a day and a time; without them {call.name} can say “let me think about it”.",
            "Name a day. A next step without a date is a wish.",
        )
        if asked and not goal.get("dated")
        else call.pick(
            "t-goal",
            f"Ask for it. {call.name} will not offer you the next step.",
            f"The call ended without a proposal; {points:g} points were waiting for one sentence.",
            "Settle what is open, then propose the next step yourself, with a day and a time.",
        ),
        say_instead=call.pick(
            "i-goal",
            f"If nothing else is open, {proposal}, say {day}?",
            f"Here is what I suggest, {call.name}: {proposal}. Would {day} work?",
        ),
        quote=moments[0] if asked and moments else None,
    )


def _delivery(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    parts = [p for p in criterion.get("parts") or [] if p.get("share") is not None]
    measure = min(parts, key=lambda p: p["share"])["measure"] if parts else criterion.get("measure", "")
    moments = call.evidence(str(measure))
    advice = {
        "talk_ratio": (
            f"You held {call.kpis.get('talk_listen')} of the talk. Hand the word over more often.",
            "What do you make of that?",
        ),
        "words_per_minute": (
            "Mind the pace; between 130 and 175 words a minute is easy to follow.",
            "Let me say that again, slowly.",
        ),
        "fillers_per_minute": ("Where a filler wants to come, leave a silence.", "[pause] What I would do is this."),
        "longest_monologue_s": (
            "Break long explanations with a question.",
            "Let me stop there: how does that sound so far?",
        ),
    }
    what, say = advice.get(str(measure), (str(criterion.get("why", "")), f"Tell me more, {call.name}."))
    return Tip(what=what, say_instead=say, quote=moments[0] if moments else None)


_ADVISERS: dict[str, Adviser] = {
    "opening": _opening,
    "agenda": _agenda,
    "discovery": _discovery,
    "topic": _discovery,
    "depth": _depth,
    "phrase": _accuracy,
    "objection": _objection,
    "compliance": _compliance,
    "goal": _goal,
    "kpi": _delivery,
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
