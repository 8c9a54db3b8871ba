"""The parts of the review page, from KPIs, breakdown, rubric and transcript as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley.calls.models import Attempt
from parley.scoring.arithmetic import arithmetic_of
from parley.scoring.corrections.shown import Correction
from parley.scoring.models import GATE
from parley.scoring.review import (
    Cap,
    ComplianceRow,
    Computed,
    CriterionPart,
    CriterionRow,
    Evidence,
    Feedback,
    Mark,
    ObjectionRow,
    Quote,
    ScoreCard,
    Step,
    TopicRow,
    TranscriptLine,
    Try,
)

EMPTY: Mapping[str, Any] = {"summary": ""}
STEPS = ("listened", "acknowledged", "explored", "answered", "confirmed")


def clock(seconds: float) -> str:
    """`m:ss`."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def evidence_of(found: list[Mapping[str, Any]] | None) -> list[Evidence]:
    """Citations as evidence with its clock."""
    return [Evidence(e["i"], e["start_ms"], e["end_ms"], clock(e["start_ms"] / 1000), e["quote"]) for e in found or []]


def score_card(
    kpis: Mapping[str, Any],
    breakdown: Mapping[str, Any],
    rubric: Mapping[str, Any],
    corrections: dict[str, Correction],
) -> ScoreCard:
    """The scorecard with its arithmetic and what people decided about it."""
    helps = {c["id"]: c.get("help", "") for c in rubric.get("criteria", [])}
    gates = {gate["id"]: gate.get("label") or gate["id"] for gate in rubric.get("gates") or []}
    lifted = [name for name in breakdown.get("lifted") or [] if f"{GATE}{name}" in corrections]
    computed = breakdown.get("computed") or {}
    return ScoreCard(
        total=breakdown["total"],
        uncapped=breakdown.get("uncapped"),
        pass_mark=breakdown.get("pass_mark", 75),
        passed=breakdown["passed"],
        abstained=breakdown["abstained"],
        abstained_why=breakdown.get("abstained_why") or "",
        cap=_cap(kpis, breakdown, rubric),
        criteria=[_criterion(c, helps.get(c["id"], ""), corrections.get(c["id"])) for c in breakdown["criteria"]],
        rubric_title=str(rubric.get("title", "")),
        rubric_version=int(breakdown.get("rubric_version") or 1),
        arithmetic=arithmetic_of(breakdown, rubric),
        computed_total=computed.get("total"),
        decided=sum("computed" in c for c in breakdown["criteria"]) + len(breakdown.get("lifted") or []),
        corrections=corrections,
        lifted=[(gates.get(name, name), corrections[f"{GATE}{name}"]) for name in lifted],
    )


def _criterion(c: Mapping[str, Any], advice: str, correction: Correction | None) -> CriterionRow:
    share, computed = c["share"], c.get("computed")
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
        evidence=evidence_of(c["evidence"]),
        computed=Computed(computed["weight"], computed["share"], computed["points"]) if computed else None,
        correction=correction,
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
    return Cap(
        f"{GATE}{gate['id']}", gate["cap"], label, check.get("rule", ""), check.get("source", ""), evidence_of(found)
    )


def objection_rows(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> list[ObjectionRow]:
    """The objections that came up, step by step."""
    labels = {o["tag"]: o["label"] for o in rubric.get("objections") or []}
    evidence = kpis.get("evidence") or {}
    rows = []
    for o in kpis.get("objections") or []:
        cited = evidence_of(evidence.get(f"objection:{o['tag']}"))
        raised = next((e for e in cited if e.i == o["raised_at"]), None)
        steps = [Step(name, o[name]) for name in STEPS]
        rows.append(ObjectionRow(o["tag"], labels.get(o["tag"], o["tag"]), raised, steps))
    return rows


def topic_rows(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> list[TopicRow]:
    """Discovery topics, asked or not."""
    asked = {t["id"] for t in kpis.get("topics") or [] if t["covered_at"] is not None}
    return [TopicRow(t["label"], t["id"] in asked) for t in rubric.get("topics") or [] if t.get("discovery")]


def compliance_rows(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> list[ComplianceRow]:
    """The compliance checks with their rules."""
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
            evidence=evidence_of(evidence.get(f"compliance:{c['id']}")),
        )
        for c in kpis.get("compliance") or []
    ]


def without_quotes(breakdown: Mapping[str, Any]) -> Mapping[str, Any]:
    """The breakdown for a reader who may see the score but not the words, such as HR."""
    return {**breakdown, "criteria": [{**c, "evidence": []} for c in breakdown.get("criteria") or []]}


def feedback_of(written: Mapping[str, Any], *, may_quote: bool, is_writing: bool = False) -> Feedback:
    """The written feedback, or the draft while a model `is_writing` it; without quotes for who may not read words."""
    shown = written.get("draft") or EMPTY if is_writing else written
    tip = shown.get("try")
    return Feedback(
        summary=shown["summary"],
        quotes=[_quote(q) for q in shown.get("quotes") or [] if may_quote],
        strengths=list(shown.get("strengths") or []),
        try_=None
        if tip is None
        else Try(tip["what"], tip["say_instead"], _quote(tip["quote"]) if may_quote and tip.get("quote") else None),
        next_step=shown.get("next_step", ""),
        writer=written.get("writer", ""),
        note=written.get("note", ""),
        is_writing=is_writing,
    )


def _quote(q: Mapping[str, Any]) -> Quote:
    return Quote(q["i"], q["start_ms"], q["end_ms"], clock(q["start_ms"] / 1000), q["quote"], q.get("comment", ""))


def cited_indexes(card: ScoreCard | None, feedback: Feedback | None) -> set[int]:
    """The utterances that points or remarks stand on."""
    cited = {e.i for row in card.criteria for e in row.evidence} if card else set()
    return cited | ({q.i for q in feedback.quotes} if feedback else set())


def transcript_lines(
    attempt: Attempt, words: list[dict[str, Any]], kpis: Mapping[str, Any], cited: set[int]
) -> list[TranscriptLine]:
    """The transcript with its marks."""
    marks = _marks(words, kpis, attempt.rubric)
    names = {
        "rep": attempt.user.full_name or "Rep",
        "buyer": "Buyer" if attempt.kind == "imported" else attempt.persona_name or "Buyer",
    }
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
    outcomes = {o["id"]: o["label"] for o in (rubric.get("goal") or {}).get("others") or []}
    for n, u in enumerate(words):
        for tag in u.get("tags") or []:
            kind, _, name = str(tag).partition(":")
            label = {
                "objection": labels.get(name, name),
                "resolved": f"settled: {labels.get(name, name)}",
                "topic": topics.get(name, name),
                "motive": "motive",
                "goal": f"agreed: {outcomes[name]}" if name in outcomes else "goal reached",
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
