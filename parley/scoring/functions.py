"""Typed wrappers of the SQL functions, which are the single implementation of KPIs and scores."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import DataError, connection


class MalformedTranscript(Exception):
    """A transcript cannot be measured. The text names the utterance and the field."""


def compute_kpis(transcript: Sequence[Mapping[str, Any]], rubric: Mapping[str, Any]) -> dict[str, Any]:
    """The KPIs of a transcript as JSON; null means not enough to judge. Raises MalformedTranscript."""
    try:
        return _call(
            "select compute_kpis(%s::jsonb, %s::jsonb)::text", json.dumps(list(transcript)), json.dumps(rubric)
        )
    except DataError as error:
        raise MalformedTranscript(str(error).splitlines()[0]) from error


def compute_score(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> dict[str, Any]:
    """The score 0..100 with one line per criterion."""
    return _call("select compute_score(%s::jsonb, %s::jsonb)::text", json.dumps(kpis), json.dumps(rubric))


def score_attempt(attempt_id: UUID) -> dict[str, Any]:
    """Write KPIs, score and breakdown of a finished attempt and return the breakdown. Raises MalformedTranscript."""
    try:
        return _call("select score_attempt(%s)::text", attempt_id)
    except DataError as error:
        raise MalformedTranscript(str(error).splitlines()[0]) from error


def _call(sql: str, *values: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    assert row is not None
    result: dict[str, Any] = json.loads(row[0])
    return result
