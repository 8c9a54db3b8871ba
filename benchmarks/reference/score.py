"""The score: shares of criteria, normalised weights, gates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from benchmarks.reference.conversation import exact, rounded

_SEVERITY = {"fail": Decimal(1), "major": Decimal("0.5"), "minor": Decimal("0.2")}


def score(kpis: dict[str, Any], rubric: dict[str, Any]) -> dict[str, Any]:
    """Total, whether it abstained, passed or was capped, and for each criterion its share, weight and points."""
    quiet = kpis["rep_words"] < 30
    rows = [(c, exact(c["weight"]), None if quiet else rounded(_share(kpis, rubric, c), 4)) for c in rubric["criteria"]]
    everything = sum(w for _, w, _ in rows)
    judged = sum((w for _, w, share in rows if share is not None), Decimal(0))
    criteria = [
        {
            "id": c["id"],
            "share": share,
            "weight": rounded(100 * w / judged, 2) if share is not None else Decimal(0),
            "points": rounded(100 * w * share / judged, 2) if share is not None else None,
        }
        for c, w, share in rows
    ]
    abstained = quiet or judged * 2 < everything
    uncapped = None if abstained else rounded(sum((c["points"] or Decimal(0) for c in criteria), Decimal(0)), 1)
    gates = [g for g in rubric.get("gates") or [] if _closed(kpis, g["when"])]
    gate = min(gates, key=lambda g: exact(g["cap"]), default=None)
    total = uncapped if uncapped is None or gate is None else min(uncapped, exact(gate["cap"]))
    mark = exact(rubric.get("pass_mark", 75))
    return {
        "total": total,
        "uncapped": uncapped,
        "abstained": abstained,
        "passed": None if total is None else total >= mark,
        "capped_by": gate["id"] if gate and total is not None and uncapped is not None and total < uncapped else None,
        "criteria": criteria,
    }


def _closed(kpis: dict[str, Any], when: dict[str, Any]) -> bool:
    failed = {c["id"] for c in kpis["compliance"] if c["outcome"] == "fail" and c["severity"] == "fail"}
    return when.get("compliance") in failed or any(
        f["found"] and f["id"] == when.get("forbidden") for f in kpis["forbidden"]
    )


def _share(kpis: dict[str, Any], rubric: dict[str, Any], c: dict[str, Any]) -> Decimal | None:
    kind, of = c["kind"], c.get("of") or []
    if kind == "kpi":
        parts = [_measured(kpis, p) for p in c.get("parts") or []] or [_measured(kpis, c)]
        return _mean([p for p in parts if p is not None])
    if kind == "phrase":
        found = [p["found"] for p in kpis["phrases"] if p["found"] is not None and (not of or p["id"] in of)]
        return Decimal(sum(found)) / len(found) if found else None
    if kind == "objection":
        steps = c.get("steps") or []
        if not steps or len(steps) == 5:
            return _number(kpis["objection_share"])
        shares = [[o[s] for s in steps if o[s] is not None] for o in kpis["objections"]]
        return _mean([Decimal(sum(done)) / len(done) for done in shares if done])
    if kind == "topic":
        wanted = {t["id"] for t in rubric.get("topics") or [] if t.get("discovery")}
        asked = sum(t["covered_at"] is not None for t in kpis["topics"] if t["id"] in wanted)
        if not wanted:
            return None
        part = Decimal(asked) / len(wanted)
        return by_bands(rounded(part, 3) or Decimal(0), c["bands"], c.get("between")) if c.get("bands") else part
    if kind == "goal":
        return _goal(kpis["goal"], rubric)
    if kind == "compliance":
        checks = [k for k in kpis["compliance"] if k["outcome"] != "not_applicable" and (not of or k["id"] in of)]
        lost = sum((_SEVERITY[k["severity"]] for k in checks if k["outcome"] == "fail"), Decimal(0))
        return max(Decimal(0), 1 - lost) if checks else None
    return None


def _goal(goal: dict[str, Any] | None, rubric: dict[str, Any]) -> Decimal | None:
    if goal is None:
        return None
    dated_enough = goal["dated"] or not rubric["goal"].get("needs_date", True)
    if goal["hit"]:
        return Decimal(1) if dated_enough else Decimal("0.8")
    return (Decimal("0.5") if goal["dated"] else Decimal("0.3")) if goal["asked"] else Decimal(0)


def _measured(kpis: dict[str, Any], part: dict[str, Any]) -> Decimal | None:
    value = _number(kpis.get(part["measure"]))
    return None if value is None else rounded(by_bands(value, part["bands"], part.get("between")), 4)


def by_bands(value: Decimal, bands: list[dict[str, Any]], between: str | None) -> Decimal:
    """Constant within a band; between two in a line, or stepwise."""
    share = exact(bands[0]["share"])
    for k, band in enumerate(bands):
        low, high = exact(band["from"]), band.get("to")
        if value < low:
            break
        share = exact(band["share"])
        following = bands[k + 1] if k + 1 < len(bands) else None
        if following is None or between == "step" or (high is not None and value <= exact(high)):
            continue
        since = low if high is None else exact(high)
        rise = (exact(following["share"]) - share) * (value - since) / (exact(following["from"]) - since)
        if value < exact(following["from"]):
            share += rise
    return share


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(int(value)) if isinstance(value, bool) else exact(value)


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None
