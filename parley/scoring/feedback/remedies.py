"""Better words for objections, compliance, the next step and delivery."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from parley.scoring.feedback.call import Call, Passage, lower_first, spoken, upper_first
from parley.scoring.feedback.praise import called, why_of
from parley.scoring.feedback.sayable import best_clause, best_proposal, best_question


@dataclass(frozen=True, slots=True)
class Tip:
    """What to do differently, words for it, and the passage they would replace."""

    what: str
    say_instead: str
    quote: Passage | None = None


_LEGAL = {
    "C01": "My NMLS number is [your number]; you can look me up with it.",
    "C05": "Before we start: this call is recorded. Is that all right with you?",
    "C06": "The rate today would be [rate], and the annual percentage rate, the APR, is [APR].",
    "C09": "I can't promise an approval or a rate. What I can do is get your file to underwriting and keep you posted.",
    "C02": "Hi, this is [your name] with [your company], calling about the quote that you asked for.",
    "C04": "Of course. I take you off our list now, and nobody will call you again.",
    "C07": "About [payment] a month on a thirty-year fixed at [rate], with an APR of [APR] and [percent] down.",
    "C08": "We are a private lender and no part of any government agency.",
    "C08-best": "Let us put the two Loan Estimates side by side.",
    "C10": "I ask every applicant the same things: income, assets, debts and the property.",
    "C11": "Will anyone else be on the loan with you?",
    "C12": "You need not tell me about alimony or child support unless you want it counted.",
    "C13": "You choose the area, and I work with any address.",
    "C14": "Underwriting decides on the full application, and you would hear from them in writing.",
    "C15": "You will have the Loan Estimate within three business days of your application.",
    "C16": "You pay nothing until you have seen the Loan Estimate and said yes; only the credit report is due.",
    "C17": "Is it okay if I run your credit now? It would be a [hard or soft] inquiry.",
    "C18": "I can't give anything for referrals. What I can offer is fast answers, also at weekends.",
    "C19": "I am paid the same whichever loan you choose.",
    "C20": "The Closing Disclosure reaches you at least three business days before closing.",
    "C21": "The appraiser is independent; what we can do is ask for a second look with comparable sales.",
    "C22": "Please put it on the application as it is; then we look for the program that fits.",
    "C24": "You may use any lender; what the builder offers is only an offer.",
    "C25": "I am not licensed in that state, so a colleague who is will call you.",
    "C26": "Whether that is deductible is a question for your tax advisor.",
    "C27": "With the written consent of your client I can send you updates.",
    "no-cost": "There is no cost up front because it is in the rate, which is higher for it.",
    "false-deadline": "Rates move every day. Take the time that you need.",
}
_PROMISES = re.compile(r"promis|guarant|lowest|beat|certain", re.IGNORECASE)
_ACKNOWLEDGE = (
    "That is a fair point.",
    "I can see why you say that.",
    "Good that you bring it up.",
    "I understand.",
    "Thank you for being open about that.",
    "That makes sense to me.",
    "I would think about that too.",
    "Fair enough.",
)
_EXPLORE = (
    "What is behind that?",
    "What makes you say that?",
    "What would you need to see?",
    "How did you come to that?",
)
_CONFIRM = (
    "Does that settle it for you?",
    "How does that sound to you?",
    "Is that off the table now?",
    "Do you see it the same way?",
)
_DAYS = (
    "tomorrow at ten",
    "Thursday at four",
    "this afternoon at five",
    "Monday morning at nine",
    "tomorrow after lunch",
    "Wednesday at noon",
)


def advise_on_objection(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    """The step that was missed in the objection taken worst."""
    raised = sorted(call.kpis.get("objections") or [], key=lambda o: o.get("share") or 0)
    if not raised:
        return Tip(
            what=call.say("advice.measure", criterion=called(criterion), lost=lost, why=why_of(call, criterion)),
            say_instead=call.say("say.other"),
        )
    worst = raised[0]
    known: dict[str, Any] = next((o for o in call.rubric.get("objections") or [] if o["tag"] == worst["tag"]), {})
    step = next((s for s in ("explored", "answered", "acknowledged") if worst[s] is False), "confirmed")
    slot, words = _STEPS[step]
    reply = call.reply_after(worst["raised_at"])
    return Tip(
        what=call.say(f"advice.{slot}", said=call.objection_words(worst)),
        say_instead=words(call, known),
        quote=call.sentence(reply) if reply else None,
    )


def _acknowledged(call: Call, known: dict[str, Any]) -> str:
    own = [spoken(phrase) for phrase in known.get("acknowledge") or [] if len(phrase.split()) >= 3]
    return call.pick("ack", [*own, *_ACKNOWLEDGE])


def _explore(call: Call, known: dict[str, Any]) -> str:
    question = best_question(call, "explore", known.get("explore") or []) or call.pick("explore", _EXPLORE)
    return call.say(
        "say.explore", ack=_acknowledged(call, known), question=question, question_lower=lower_first(question)
    )


def _answer(call: Call, known: dict[str, Any]) -> str:
    fact = call.fact(" ".join([str(known.get("label", "")), *(known.get("explore") or [])]))
    ideas = [form for idea in known.get("answer") or [] for form in idea]
    answer = best_clause(call, "answer", ideas) or "Let us look at the numbers together."
    return call.say(
        "say.answer",
        ack=_acknowledged(call, known),
        fact=fact,
        answer=answer,
        answer_lower=lower_first(answer),
    )


def _confirm(call: Call, known: dict[str, Any]) -> str:
    question = best_question(call, "confirm", known.get("confirm") or []) or call.pick("confirm", _CONFIRM)
    return call.say("say.confirm", question=question, question_lower=lower_first(question))


_STEPS = {
    "explored": ("explore", _explore),
    "answered": ("answer", _answer),
    "acknowledged": ("acknowledge", _explore),
    "confirmed": ("confirm", _confirm),
}


def advise_on_compliance(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    """The gravest check that failed, with words that keep the rule."""
    order = {"fail": 0, "major": 1, "minor": 2}
    failed = [c for c in call.kpis.get("compliance") or [] if c["outcome"] == "fail"]
    if not failed:
        return Tip(
            what=call.say("advice.measure", criterion=called(criterion), lost=lost, why=why_of(call, criterion)),
            say_instead=call.say("say.legal"),
        )
    worst = min(failed, key=lambda c: order.get(c["severity"], 3))
    check: dict[str, Any] = next((c for c in call.rubric.get("compliance") or [] if c["id"] == worst["id"]), {})
    moments = call.evidence(f"compliance:{worst['id']}", speaker="rep")
    label = str(check.get("label", worst["id"]))
    rule = str(check.get("rule") or "A rule of this call was broken.")
    return Tip(
        what=call.say("advice.compliance", check=label, rule=rule, lost=lost),
        say_instead=_LEGAL.get(str(worst["id"])) or call.say("say.legal" if _PROMISES.search(label) else "say.rule"),
        quote=moments[0] if moments else None,
    )


def advise_on_goal(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    """A proposal with a day and a time, or the doubt before it."""
    goal = call.kpis.get("goal") or {}
    asked, dated = bool(goal.get("asked")), bool(goal.get("dated"))
    moments = call.evidence("goal", speaker="rep")
    quote = moments[0] if asked and moments else None
    if asked and dated and not goal.get("hit"):
        return Tip(what=call.say("advice.goal_settle", lost=lost), say_instead=call.say("say.settle"), quote=quote)
    asks = list((call.rubric.get("goal") or {}).get("ask") or [])
    proposal = best_proposal(call, "ask", asks) or "Let us take the next step."
    day = call.pick("day", _DAYS)
    return Tip(
        what=call.say("advice.date" if asked else "advice.goal", lost=lost),
        say_instead=call.say(
            "say.goal",
            proposal=proposal,
            proposal_lower=lower_first(proposal),
            day=day,
            day_capital=upper_first(day),
        ),
        quote=quote,
    )


_DELIVERY = ("talk_ratio", "words_per_minute", "fillers_per_minute", "longest_monologue_s", "interruptions_by_rep")


def advise_on_delivery(call: Call, criterion: dict[str, Any], lost: str) -> Tip:
    """The weakest part of the delivery."""
    parts = [p for p in criterion.get("parts") or [] if p.get("share") is not None]
    measure = str(min(parts, key=lambda p: p["share"])["measure"] if parts else criterion.get("measure", ""))
    moments = call.evidence(measure, speaker="rep")
    quote = moments[0] if moments else None
    talk = str(call.kpis.get("talk_listen") or "")
    if measure in _DELIVERY and (talk or measure != "talk_ratio"):
        return Tip(what=call.say(f"advice.{measure}", talk=talk), say_instead=call.say(f"say.{measure}"), quote=quote)
    return Tip(
        what=call.say("advice.measure", criterion=called(criterion), lost=lost, why=why_of(call, criterion)),
        say_instead=call.say("say.other"),
        quote=quote,
    )
