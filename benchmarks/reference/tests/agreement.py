"""What SQL and the reference say of one call, side by side."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import reference

LEFT_OUT = ("evidence",)
LINES = ("id", "share", "weight", "points")


class Stems:
    """Stems by PostgreSQL's dictionary, each asked for once."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._known: dict[str, str | None] = {}

    def __call__(self, word: str) -> str | None:
        if word not in self._known:
            self._cursor.execute("select (ts_lexize('pg_catalog.english_stem', %s))[1]", [word])
            self._known[word] = self._cursor.fetchone()[0]
        return self._known[word]


def by_reference(transcript: list[dict[str, Any]], rubric: dict[str, Any], stem: reference.Stem) -> dict[str, Any]:
    """KPIs and score in plain Python."""
    kpis = reference.kpis(transcript, rubric, stem)
    return reference.as_json(kpis, reference.score(kpis, rubric))


def by_sql(cursor: Any, transcript: list[dict[str, Any]], rubric: dict[str, Any]) -> dict[str, Any]:
    """KPIs and score by the product's SQL functions."""
    cursor.execute(
        "select k::text, compute_score(k, r)::text "
        "from cast(%s as jsonb) as r, compute_kpis(cast(%s as jsonb), r) as k",
        [json.dumps(rubric), json.dumps(transcript)],
    )
    kpis, score = (json.loads(part) for part in cursor.fetchone())
    return as_sql_says(kpis, score)


def as_sql_says(kpis: dict[str, Any], score: dict[str, Any]) -> dict[str, Any]:
    """What the reference knows, of what SQL says."""
    kept = {k: score[k] for k in ("total", "uncapped", "abstained", "passed", "capped_by")}
    lines = [{k: c[k] for k in LINES} for c in score["criteria"]]
    return {"kpis": {k: v for k, v in kpis.items() if k not in LEFT_OUT}, "score": {**kept, "criteria": lines}}


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """By KPI or part of the score: what both say, where they differ."""
    return {
        f"{part}.{name}": (ours[part].get(name), theirs[part].get(name))
        for part in ("kpis", "score")
        for name in ours[part].keys() | theirs[part].keys()
        if ours[part].get(name) != theirs[part].get(name)
    }
