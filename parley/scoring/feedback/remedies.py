"""Better words for objections, compliance, the next step and delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.scoring.feedback.call import Call, Passage, lower_first, spoken


@dataclass(frozen=True, slots=True)
class Tip:
    """What to do differently, words for it, and the passage they would replace."""

    what: str
    say_instead: str
    quote: Passage | None = None


_LEGAL = {
    "C01": "My NMLS number is [your number]; you can look me up with it.",
    "C05": "Before we start: this call is recorded. Is that all right with you?",
    "C09": "I can't promise an approval or a rate. What I can do is get your file to underwriting and keep you posted.",
    "C10": "I ask every applicant the same things: income, assets, debts and the property.",
    "C11": "Will anyone else be on the loan with you?",
    "C18": "I can't give anything for referrals. What I can offer is fast answers, also at weekends.",
    "C22": "Please put it on the application as it is; then we look for the program that fits.",
}


def advise_on_objection(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    """The step that was missed in the objection taken worst."""
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


def advise_on_compliance(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    """The gravest check that failed, with words that keep the rule."""
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


def advise_on_goal(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    """A proposal with a day and a time."""
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


def advise_on_delivery(call: Call, criterion: dict[str, Any], points: float) -> Tip:
    """The weakest part of the delivery."""
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
