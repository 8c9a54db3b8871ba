"""KPIs and scores as the database computes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

Kpis = Callable[..., dict[str, Any]]
Says = Callable[[str, str], Any]


def call_sql(function: str, *arguments: Any) -> Any:
    """The result of one SQL function; dicts and lists are passed as jsonb."""
    marks = ", ".join("%s::jsonb" if isinstance(a, dict | list) else "%s" for a in arguments)
    values = [json.dumps(a) if isinstance(a, dict | list) else a for a in arguments]
    with connection.cursor() as cursor:
        cursor.execute(f"select to_jsonb({function}({marks}))", values)
        row = cursor.fetchone()
    assert row is not None
    return json.loads(row[0]) if isinstance(row[0], str) else row[0]


def write_facts() -> int:
    """How many facts the reporting star took over; by its SQL, because scoring knows nothing of reporting."""
    from parley.core.tenancy import acting_as_service

    with acting_as_service("a test writes facts"):
        return int(call_sql("write_facts", None))


def said(*turns: tuple[Any, ...], source: str = "import") -> list[dict[str, Any]]:
    """A transcript from (speaker, start, end, text, tags…)."""
    return [
        {
            "i": i,
            "speaker": {"r": "rep", "b": "buyer"}[speaker],
            "start": start,
            "end": end,
            "text": text,
            "source": source,
            **({"tags": list(tags)} if tags else {}),
        }
        for i, (speaker, start, end, text, *tags) in enumerate(turns)
    ]


@pytest.fixture
def kpis(db: None) -> Kpis:
    """compute_kpis over a transcript, and a rubric when one is given."""

    def compute(transcript: Any, rubric: dict[str, Any] | None = None) -> dict[str, Any]:
        return call_sql("compute_kpis", transcript, rubric or {})  # type: ignore[no-any-return]

    return compute


@pytest.fixture
def score(db: None) -> Kpis:
    """compute_score over KPIs and a rubric."""

    def compute(values: dict[str, Any], rubric: dict[str, Any]) -> dict[str, Any]:
        return call_sql("compute_score", values, rubric)  # type: ignore[no-any-return]

    return compute
