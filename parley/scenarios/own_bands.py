"""An organisation's own bands of KPIs in a rubric that asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_own_bands(rubric: dict[str, Any], own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The rubric with `own` bands for the measures in its `organisation_bands`; `kpi_bands` keeps all of them.

    Full marks within good, none outside fair, and in between in a line.
    """
    if not own:
        return dict(rubric)
    asked = [name for name in rubric.get("organisation_bands") or [] if name in own]
    criteria = [_judged(criterion, asked, own) for criterion in rubric.get("criteria") or []]
    return {**rubric, "criteria": criteria, "kpi_bands": dict(own)}


def bands_of(own: Mapping[str, Any]) -> list[dict[str, float]]:
    """Good and fair as bands of a rubric."""
    (low, high), (least, most) = own["good"], own["fair"]
    full = {"from": low, "to": high, "share": 1.0}
    below = [{"from": least, "share": 0.0}] if least < low else []
    above = [{"from": most, "share": 0.0}] if most > high else []
    return [*below, full, *above]


def _judged(part: dict[str, Any], asked: list[str], own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    found = dict(part)
    if part.get("parts"):
        found["parts"] = [_judged(one, asked, own) for one in part["parts"]]
    if part.get("measure") in asked:
        found |= {"bands": bands_of(own[part["measure"]]), "between": "linear"}
    return found
