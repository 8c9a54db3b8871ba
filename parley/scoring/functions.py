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


def score_transcripts(
    transcripts: Sequence[Sequence[Mapping[str, Any]]], rubric: Mapping[str, Any]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """KPIs and score of each transcript by one rubric, in one statement; keeps nothing. Raises MalformedTranscript."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SCORE_MANY, [json.dumps(rubric), [json.dumps(list(t)) for t in transcripts]])
            return [(json.loads(kpis), json.loads(score)) for kpis, score in cursor.fetchall()]
    except DataError as error:
        raise MalformedTranscript(str(error).splitlines()[0]) from error


_SCORE_MANY = """
    with r as materialized (select %s::jsonb as rubric),
    k as materialized (
        select n, compute_kpis(t::jsonb, rubric) as kpis, rubric from r, unnest(%s::text[]) with ordinality as u(t, n)
    )
    select kpis::text, compute_score(kpis, rubric)::text from k order by n
"""


def _call(sql: str, *values: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    assert row is not None
    result: dict[str, Any] = json.loads(row[0])
    return result
