"""How a score was made, so that the reader can redo the sum by hand with what the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class SumRow:
    """One criterion's line: `formula` is weight / judged weight x 100 x share, and equals `points` to two decimals."""

    label: str
    weight: str
    share: str
    formula: str
    points: str
    note: str
    """Where the share comes from, when it needs a word: an average of parts, or a person's decision."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The whole sum, from weights to the total."""

    rows: list[SumRow]
    left_out: list[str]
    judged_weight: str
    all_weight: str
    is_normalised: bool
    """Do the weights need stretching to make 100?"""
    sum_line: str
    steps: list[str]
    """What happens to the sum: rounding, a cap, abstaining, the pass mark."""


def arithmetic_of(breakdown: Mapping[str, Any], rubric: Mapping[str, Any]) -> Arithmetic:
    """The arithmetic of a breakdown; every number in it is one that compute_score made."""
    criteria = breakdown.get("criteria") or []
    judged = [c for c in criteria if c["points"] is not None]
    weights = sum((_exact(c["rubric_weight"]) for c in judged), Decimal(0))
    whole = sum((_exact(c["rubric_weight"]) for c in criteria), Decimal(0))
    points = [_exact(c["points"]) for c in judged]
    added = sum(points, Decimal(0))
    return Arithmetic(
        rows=[_row(c, weights) for c in judged],
        left_out=[f"{c['label']} ({_text(c['rubric_weight'])}): {c['why']}" for c in criteria if c["points"] is None],
        judged_weight=_text(weights),
        all_weight=_text(whole),
        is_normalised=weights != 100,
        sum_line=f"{' + '.join(_text(p) for p in points)} = {_text(added)}" if points else "",
        steps=_steps(breakdown, rubric, added),
    )


def _row(c: Mapping[str, Any], judged_weight: Decimal) -> SumRow:
    weight, share, points = _text(c["rubric_weight"]), _text(c["share"]), _text(c["points"])
    stretched = weight if judged_weight == 100 else f"{weight} / {_text(judged_weight)} × 100"
    return SumRow(c["label"], weight, share, f"{stretched} × {share}", points, _note(c))


def _note(c: Mapping[str, Any]) -> str:
    if computed := c.get("computed"):
        before = computed["points"]
        was = "not judged" if before is None else f"share {_text(computed['share'])}, {_text(before)} points"
        return f"Decided by a person; computed: {was}."
    shares = [p["share"] for p in c.get("parts") or [] if p["share"] is not None]
    if len(shares) > 1:
        return f"Share: ({' + '.join(_text(s) for s in shares)}) / {len(shares)} = {_text(c['share'])}."
    return ""


def _steps(breakdown: Mapping[str, Any], rubric: Mapping[str, Any], added: Decimal) -> list[str]:
    if breakdown.get("abstained"):
        return [f"{breakdown.get('abstained_why') or 'There is not enough to judge'} So there is no score."]
    steps = [f"{_text(added)}, rounded to one decimal: {_text(breakdown['uncapped'])}."]
    gates = {gate["id"]: gate for gate in rubric.get("gates") or []}
    capped, closed = breakdown.get("capped_by"), breakdown.get("gate")
    if gate := gates.get(str(capped)):
        lower = f"the lower of {_text(breakdown['uncapped'])} and {_text(gate['cap'])} is {_text(breakdown['total'])}"
        steps.append(f"{_name(gate)}: broken, which caps the score at {_text(gate['cap'])}; {lower}.")
    elif gate := gates.get(str(closed)):
        steps.append(f"{_name(gate)}: broken, which caps the score at {_text(gate['cap'])}; the sum lies below anyway.")
    if lifted := [_name(gates[name]) for name in breakdown.get("lifted") or [] if name in gates]:
        steps.append(f"Lifted by a person, so it caps nothing: {', '.join(lifted)}.")
    verdict = "reached" if breakdown.get("passed") else "not reached"
    steps.append(
        f"The pass mark is {_text(breakdown.get('pass_mark', 75))}: {verdict} with {_text(breakdown['total'])}."
    )
    if computed := breakdown.get("computed"):
        total = computed["total"]
        was = "no score, too little could be judged" if total is None else _text(total)
        steps.append(f"Without what people decided it would be: {was}.")
    return steps


def _name(gate: Mapping[str, Any]) -> str:
    return str(gate.get("label") or gate["id"])


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


def _text(value: Any) -> str:
    """A number as it is, without a zero that says nothing: `18.75`, `0.9`, `12`."""
    plain = f"{_exact(value):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
