"""KPIs and score in plain Python, written from docs/reference/kpis.md: an independent oracle and a yardstick of speed.

For tests and benchmarks alone; the product never imports it. It knows neither `evidence` nor `judged`, nor compliance
checks with wordings of their own (those of `kind`), and takes the stems of words from whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.reference.conversation import Call
from benchmarks.reference.flow import flow
from benchmarks.reference.scenario import scenario
from benchmarks.reference.score import score
from benchmarks.reference.speech import speech

__all__ = ["Stem", "as_json", "kpis", "score"]

Stem = Callable[[str], str | None]
"""The stem of a word by PostgreSQL's English dictionary; None for a stop word."""


def kpis(transcript: list[dict[str, Any]], rubric: dict[str, Any], stem: Stem) -> dict[str, Any]:
    """Every KPI of docs/reference/kpis.md but `evidence` and `judged`, from a well-formed transcript."""
    call = Call(transcript, stem)
    asked = scenario(call, rubric)
    return {
        "version": 1,
        "typed": call.typed,
        **flow(call, asked.raised_ns),
        **speech(call, rubric.get("fillers") or None),
        **asked.kpis(),
    }


def as_json(kpis: dict[str, Any], score: dict[str, Any]) -> dict[str, Any]:
    """Both with floats in place of decimals, as they come out of JSON."""
    return {"kpis": _plain(kpis), "score": _plain(score)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return float(value) if isinstance(value, Decimal) else value
