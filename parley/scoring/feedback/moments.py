"""Two to four passages of the call that are worth hearing again, with a remark each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parley.scoring.feedback.call import Call, Passage, lower_first

MOST = 4


def choose_moments(call: Call, *, taken: Passage | None) -> list[Passage]:
    """At most four passages, mistakes and successes in turn, each utterance once; `taken` is quoted elsewhere."""
    used = {taken.i} if taken else set()
    good, poor = _unused(_good(call), used), _unused(_poor(call), used)
    chosen: list[Passage] = []
    for n in range(MOST):
        pool = poor if (n % 2 == 0 and poor) or not good else good
        if pool:
            chosen.append(pool.pop(0))
    if len(chosen) < 2:
        seen = used | {moment.i for moment in chosen}
        chosen += _unused(_plain(call), seen)[: 2 - len(chosen)]
    return sorted(chosen, key=lambda moment: moment.start_ms)


def _unused(moments: Iterator[Passage], used: set[int]) -> list[Passage]:
    kept: list[Passage] = []
    for moment in moments:
        if moment.i not in used and moment.i not in {m.i for m in kept} and moment.comment:
            kept.append(moment)
    return kept


def _poor(call: Call) -> Iterator[Passage]:
    rules = {check["id"]: check for check in call.rubric.get("compliance") or []}
    for check in call.kpis.get("compliance") or []:
        if check["outcome"] == "fail":
            rule = rules.get(check["id"], {}).get("rule", "")
            for moment in call.evidence(f"compliance:{check['id']}")[:1]:
                label = rules.get(check["id"], {}).get("label", check["id"])
                yield replace(moment, comment=f"{label}: {rule}" if rule else label)
    yield from _objections(call, good=False)
    if (call.kpis.get("longest_monologue_s") or 0) > 90:
        seconds = round(call.kpis["longest_monologue_s"])
        for moment in call.evidence("longest_monologue_s")[:1]:
            yield replace(
                moment,
                comment=call.pick(
                    "monologue",
                    f"Here begins a stretch of {seconds} seconds in which {call.name} hardly spoke.",
                    f"From here you talk for {seconds} seconds; a question would have kept {call.name} with you.",
                    f"{seconds} seconds. Cut it in two and ask what {call.name} makes of the first half.",
                ),
            )
    for moment in call.evidence("interruptions_by_rep")[:1]:
        yield replace(
            moment,
            comment=call.pick(
                "cut",
                f"You cut in while {call.name} was still talking.",
                f"{call.name} had not finished here; a breath more and you would have heard the rest.",
            ),
        )
    goal = call.kpis.get("goal") or {}
    if goal.get("asked") and not goal.get("hit"):
        for moment in call.evidence("goal")[:1]:
            yield replace(
                moment,
                comment=call.pick(
                    "goal-missed",
                    "You proposed the next step, but it came without a day or before the doubts were settled.",
                    f"The proposal is there, yet {call.name} had no reason to say yes at this point.",
                ),
            )
    if (call.kpis.get("fillers_per_minute") or 0) > 5:
        for moment in call.evidence("fillers_per_minute")[:1]:
            yield replace(moment, comment=f"One of {call.kpis['filler_count']} fillers; a silent pause sounds surer.")


def _good(call: Call) -> Iterator[Passage]:
    if call.kpis.get("motive_found"):
        label = (call.rubric.get("motive") or {}).get("label", "")
        before = [
            q for m in call.evidence("motive_found")[:1] for q in call.evidence("open_question_count") if q.i < m.i
        ]
        for moment in before[-1:]:
            yield replace(
                moment,
                comment=call.pick(
                    "motive",
                    f"This question brought out what is really going on: {lower_first(label)}.",
                    f"Here you got behind the first answers of {call.name}: {lower_first(label)}.",
                    f"The question of the call. After it you knew what moves {call.name}: {lower_first(label)}.",
                ),
            )
    yield from _objections(call, good=True)
    if (call.kpis.get("goal") or {}).get("hit"):
        for moment in call.evidence("goal")[:1]:
            yield replace(
                moment,
                comment=call.pick(
                    "goal-hit",
                    f"A concrete proposal, and {call.name} took it.",
                    "You asked for the next step plainly and got it.",
                    f"Clear, and easy for {call.name} to say yes to.",
                ),
            )
    for phrase in call.kpis.get("phrases") or []:
        if phrase["found"] and phrase["id"] == "apr-with-rate":
            for moment in call.evidence("phrase:apr-with-rate")[:1]:
                yield replace(moment, comment="Rate and APR in one breath, as the rule asks.")
    for moment in call.evidence("open_question_count")[:2]:
        yield replace(
            moment,
            comment=call.pick(
                f"open-{moment.i}",
                f"An open question: it leaves {call.name} room to tell you more than you asked.",
                "This cannot be answered with yes or no, so it starts a conversation.",
                f"Good: you let {call.name} choose what to tell you.",
                "Questions like this one find out what a form never would.",
            ),
        )


def _objections(call: Call, *, good: bool) -> Iterator[Passage]:
    labels = {o["tag"]: o["label"] for o in call.rubric.get("objections") or []}
    for objection in call.kpis.get("objections") or []:
        if bool(objection["explored"]) is not good:
            continue
        label = lower_first(labels.get(objection["tag"], objection["tag"]))
        reply = call.reply_after(objection["raised_at"])
        if good:
            raised_and_replies = call.evidence(f"objection:{objection['tag']}")
            asked = [m for m in raised_and_replies if call.by_index[m.i]["speaker"] == "rep" and m.quote.endswith("?")]
            for moment in asked[:1]:
                yield replace(
                    moment,
                    comment=call.pick(
                        f"explored-{objection['tag']}",
                        f"“{label}” came up and you asked before you answered.",
                        f"You looked into “{label}” first; that is the step most reps skip.",
                        f"Asking here told {call.name} that you take “{label}” seriously.",
                    ),
                )
        elif reply is not None and (moment_or_none := call.sentence(reply)) is not None:
            yield replace(
                moment_or_none,
                comment=call.pick(
                    f"unexplored-{objection['tag']}",
                    f"{call.name} objected ({label}) and you answered at once, before you knew what is behind it.",
                    f"This is your reply to “{label}”. It defends before it understands.",
                    f"“{label}” deserved a question here: what exactly, compared with what, since when?",
                ),
            )


def _plain(call: Call) -> Iterator[Passage]:
    """When little happened: the rep's own words, longest first."""
    spoken = [u for u in call.transcript if u["speaker"] == "rep" and "i" in u and len(str(u["text"]).split()) >= 4]
    for utterance in sorted(spoken, key=lambda u: -len(str(u["text"]))):
        moment = call.sentence(utterance)
        if moment is not None:
            yield replace(
                moment,
                comment=call.pick(
                    f"plain-{moment.i}",
                    f"A place to stop and ask {call.name} something.",
                    "Listen to this again: would you keep talking to somebody who opens like this?",
                    f"From here the call could have turned to what {call.name} needs.",
                ),
            )
