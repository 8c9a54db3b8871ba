"""Reads of the review page. What it shows is defined in `review.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from parley.calls import queries as calls
from parley.calls.models import Attempt, Transcript
from parley.core.tenancy import Member
from parley.scoring.review import (
    AttemptRow,
    Cap,
    ComplianceRow,
    CriterionPart,
    CriterionRow,
    EarlierAttempt,
    Evidence,
    Feedback,
    Mark,
    ObjectionRow,
    Quote,
    Review,
    ScoreCard,
    Sound,
    State,
    Step,
    TopicRow,
    TranscriptLine,
    Try,
)
from parley.scoring.tiles import tiles_of

STATES: dict[str, State] = {
    "created": "live",
    "live": "live",
    "ended": "scoring",
    "scored": "scored",
    "failed": "failed",
    "abandoned": "abandoned",
}
WAITING = {
    "live": "The call is still running. This page fills in when it is over.",
    "scoring": "The call is being scored. This takes a few seconds.",
}
ENDINGS = {
    "goal": "The buyer agreed, and the call ended at its goal.",
    "patience": "The buyer lost patience and hung up.",
    "goodbye": "You both said goodbye.",
    "silence": "The buyer hung up after a long silence.",
    "rep_ended": "You ended the call.",
    "time_limit": "The time limit was reached.",
    "connection_lost": "The connection was lost.",
    "server_stopped": "The server stopped during the call; what was recorded up to then is here.",
    "error": "Something went wrong during the call; what was recorded up to then is here.",
    "abandoned": "The call was given up before it began.",
}
STEPS = ("listened", "acknowledged", "explored", "answered", "confirmed")


def get_review(attempt_id: UUID, member: Member) -> Review | None:
    """The review page of an attempt as this member may see it; None when policies hide it."""
    attempt = calls.get_attempt_for_reviewer(attempt_id)
    return None if attempt is None else _review(attempt, member)


def attempts_of(member: Member) -> list[AttemptRow]:
    """The member's own attempts, newest first."""
    return [
        AttemptRow(
            id=attempt.pk,
            url=attempt.get_absolute_url(),
            scenario_title=attempt.scenario.title,
            persona_name=attempt.persona_name,
            started_at=attempt.started_at or attempt.created_at,
            duration=clock(attempt.duration_s or 0),
            kind=attempt.kind,
            state=STATES[attempt.status],
            score=None if attempt.score is None else float(attempt.score),
            passed=(attempt.score_breakdown or {}).get("passed"),
        )
        for attempt in calls.attempts_of(member)
    ]


def clock(seconds: float) -> str:
    """`m:ss`."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _review(attempt: Attempt, member: Member) -> Review:
    state = STATES[attempt.status]
    kpis, breakdown, rubric = attempt.kpis or {}, attempt.score_breakdown or {}, attempt.rubric
    scored = state == "scored"
    words = Transcript.objects.filter(attempt=attempt).values_list("transcript", flat=True).first() or []
    card = _score_card(kpis, breakdown, rubric) if scored else None
    feedback = _feedback(attempt.feedback) if attempt.feedback else None
    return Review(
        attempt_id=attempt.pk,
        url=attempt.get_absolute_url(),
        score_url=reverse("attempt-score", args=[attempt.pk]),
        try_again_url=reverse("play", args=[attempt.brief.get("scenario_key", attempt.scenario.key)]),
        state=state,
        is_waiting=state in WAITING,
        waiting_text=WAITING.get(state, ""),
        scenario_title=attempt.scenario.title,
        scenario_key=attempt.scenario.key,
        goal_label=str((rubric.get("goal") or {}).get("label", "")),
        persona_name=attempt.persona_name,
        rep_name=attempt.user.full_name or "Rep",
        is_own=attempt.user_id == member.user_id,
        kind=attempt.kind,  # type: ignore[arg-type]  # the column's check allows no other
        started_at=attempt.started_at or attempt.created_at,
        duration=clock(attempt.duration_s or 0),
        end_text=ENDINGS.get(attempt.end_reason, ""),
        notes=[str(note) for note in attempt.notes],
        score=card,
        tiles=tiles_of(kpis) if scored else [],
        objections=_objections(kpis, rubric) if scored else [],
        topics=_topics(kpis, rubric) if scored else [],
        compliance=_compliance(kpis, rubric) if scored else [],
        feedback=feedback,
        transcript=_lines(attempt, words, kpis, _cited(card, feedback)),
        sound=_sound(attempt),
        earlier=_earlier(attempt),
    )


def _evidence(found: list[Mapping[str, Any]] | None) -> list[Evidence]:
    return [Evidence(e["i"], e["start_ms"], e["end_ms"], clock(e["start_ms"] / 1000), e["quote"]) for e in found or []]


def _score_card(kpis: Mapping[str, Any], breakdown: Mapping[str, Any], rubric: Mapping[str, Any]) -> ScoreCard:
    helps = {c["id"]: c.get("help", "") for c in rubric.get("criteria", [])}
    return ScoreCard(
        total=breakdown["total"],
        uncapped=breakdown.get("uncapped"),
        pass_mark=breakdown.get("pass_mark", 75),
        passed=breakdown["passed"],
        abstained=breakdown["abstained"],
        abstained_why=breakdown.get("abstained_why") or "",
        cap=_cap(kpis, breakdown, rubric),
        criteria=[_criterion(c, helps.get(c["id"], "")) for c in breakdown["criteria"]],
        rubric_title=str(rubric.get("title", "")),
        rubric_version=int(breakdown.get("rubric_version") or 1),
    )


def _criterion(c: Mapping[str, Any], advice: str) -> CriterionRow:
    share = c["share"]
    left_out = c["points"] is None
    return CriterionRow(
        id=c["id"],
        label=c["label"],
        weight=c["rubric_weight"] if left_out else c["weight"],
        share=share,
        share_percent=None if share is None else round(100 * share),
        points=c["points"],
        why=c["why"],
        help=advice,
        left_out=left_out,
        verdict="none" if share is None else "good" if share >= 0.8 else "fair" if share >= 0.5 else "poor",
        parts=[
            CriterionPart(label, p["share"], why)
            for p in c.get("parts") or []
            for label, _, why in [str(p["why"]).partition(": ")]
        ],
        evidence=_evidence(c["evidence"]),
    )


def _cap(kpis: Mapping[str, Any], breakdown: Mapping[str, Any], rubric: Mapping[str, Any]) -> Cap | None:
    gate = next((g for g in rubric.get("gates") or [] if g["id"] == breakdown.get("capped_by")), None)
    if gate is None:
        return None
    key = gate["when"].get("compliance") or ""
    check: Mapping[str, Any] = next((c for c in rubric.get("compliance") or [] if c["id"] == key), {})
    evidence = kpis.get("evidence") or {}
    found = evidence.get(f"compliance:{key}") or evidence.get(f"forbidden:{gate['when'].get('forbidden')}")
    label = gate.get("label") or check.get("label", "")
    return Cap(gate["cap"], label, check.get("rule", ""), check.get("source", ""), _evidence(found))


def _objections(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> list[ObjectionRow]:
    labels = {o["tag"]: o["label"] for o in rubric.get("objections") or []}
    evidence = kpis.get("evidence") or {}
    rows = []
    for o in kpis.get("objections") or []:
        cited = _evidence(evidence.get(f"objection:{o['tag']}"))
        raised = next((e for e in cited if e.i == o["raised_at"]), None)
        steps = [Step(name, o[name]) for name in STEPS]
        rows.append(ObjectionRow(o["tag"], labels.get(o["tag"], o["tag"]), raised, steps))
    return rows


def _topics(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> list[TopicRow]:
    asked = {t["id"] for t in kpis.get("topics") or [] if t["covered_at"] is not None}
    return [TopicRow(t["label"], t["id"] in asked) for t in rubric.get("topics") or [] if t.get("discovery")]


def _compliance(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> list[ComplianceRow]:
    rules = {c["id"]: c for c in rubric.get("compliance") or []}
    evidence = kpis.get("evidence") or {}
    return [
        ComplianceRow(
            id=c["id"],
            label=rules.get(c["id"], {}).get("label", c["id"]),
            outcome=c["outcome"],
            severity=c["severity"],
            rule=rules.get(c["id"], {}).get("rule", ""),
            source=rules.get(c["id"], {}).get("source", ""),
            evidence=_evidence(evidence.get(f"compliance:{c['id']}")),
        )
        for c in kpis.get("compliance") or []
    ]


def _feedback(written: Mapping[str, Any]) -> Feedback:
    tip = written.get("try")
    return Feedback(
        summary=written["summary"],
        quotes=[_quote(q) for q in written.get("quotes") or []],
        strengths=list(written.get("strengths") or []),
        try_=None
        if tip is None
        else Try(tip["what"], tip["say_instead"], _quote(tip["quote"]) if tip.get("quote") else None),
        next_step=written.get("next_step", ""),
        writer=written.get("writer", ""),
    )


def _quote(q: Mapping[str, Any]) -> Quote:
    return Quote(q["i"], q["start_ms"], q["end_ms"], clock(q["start_ms"] / 1000), q["quote"], q.get("comment", ""))


def _cited(card: ScoreCard | None, feedback: Feedback | None) -> set[int]:
    cited = {e.i for row in card.criteria for e in row.evidence} if card else set()
    return cited | ({q.i for q in feedback.quotes} if feedback else set())


def _lines(
    attempt: Attempt, words: list[dict[str, Any]], kpis: Mapping[str, Any], cited: set[int]
) -> list[TranscriptLine]:
    marks = _marks(words, kpis, attempt.rubric)
    names = {"rep": attempt.user.full_name or "Rep", "buyer": attempt.persona_name or "Buyer"}
    return [
        TranscriptLine(
            i=i,
            speaker=u["speaker"],
            name=names[u["speaker"]],
            start_s=u["start"],
            end_s=u["end"],
            start_ms=round(1000 * u["start"]),
            end_ms=round(1000 * u["end"]),
            clock=clock(u["start"]),
            text=u["text"],
            marks=marks.get(i, []),
            cited=i in cited,
        )
        for i, u in ((u.get("i", n), u) for n, u in enumerate(words))
    ]


def _marks(words: list[dict[str, Any]], kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    labels = {o["tag"]: o["label"] for o in rubric.get("objections") or []}
    topics = {t["id"]: t["label"] for t in rubric.get("topics") or []}
    for n, u in enumerate(words):
        for tag in u.get("tags") or []:
            kind, _, name = str(tag).partition(":")
            label = {
                "objection": labels.get(name, name),
                "resolved": f"settled: {labels.get(name, name)}",
                "topic": topics.get(name, name),
                "motive": "motive",
                "goal": "goal reached",
            }.get(kind)
            if label:
                found.setdefault(u.get("i", n), []).append(Mark("objection" if kind == "resolved" else kind, label))
    evidence = kpis.get("evidence") or {}
    for e in evidence.get("interruptions_by_rep") or []:
        found.setdefault(e["i"], []).append(Mark("interruption", "interruption"))
    rules = {c["id"]: c.get("label", c["id"]) for c in rubric.get("compliance") or []}
    for check in kpis.get("compliance") or []:
        if check["outcome"] == "fail":
            for i in check["at"]:
                found.setdefault(i, []).append(Mark("violation", rules.get(check["id"], check["id"])))
    return found


def _sound(attempt: Attempt) -> Sound | None:
    media = calls.get_media(attempt)
    if media.recording_url is None:
        return None
    return Sound(
        url=media.recording_url,
        duration_s=media.duration_s or 0.0,
        channels=media.channels or 2,
        peaks=media.peaks,
        renew_url=reverse("call-media", args=[attempt.pk]),
    )


def _earlier(attempt: Attempt) -> list[EarlierAttempt]:
    rows = Attempt.objects.filter(
        user_id=attempt.user_id, scenario__key=attempt.scenario.key, status__in=("ended", "scored", "failed")
    ).order_by("-created_at")[:20]
    return [
        EarlierAttempt(
            id=row.pk,
            url=row.get_absolute_url(),
            started_at=row.started_at or row.created_at,
            score=None if row.score is None else float(row.score),
            duration=clock(row.duration_s or 0),
            is_this=row.pk == attempt.pk,
        )
        for row in rows
    ]
