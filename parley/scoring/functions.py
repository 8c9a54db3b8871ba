"""Typed wrappers of the SQL functions, which are the single implementation of KPIs and scores."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import DataError, connection


class MalformedTranscript(Exception):
    """A transcript cannot be measured. The text names the utterance and the field."""


def _named(error: DataError) -> str:
    first = str(error).splitlines()[0]
    if "unsupported Unicode escape" in first:
        return "transcript holds a NUL character (\\u0000), which no text may; remove it"
    if "surrogate" in str(error):
        return "transcript holds half a character (a lone surrogate); write the character whole or remove it"
    return first


def compute_kpis(transcript: Sequence[Mapping[str, Any]], rubric: Mapping[str, Any]) -> dict[str, Any]:
    """The KPIs of a transcript as JSON; null means not enough to judge. Raises MalformedTranscript."""
    try:
        return _call(
            "select compute_kpis(%s::jsonb, %s::jsonb)::text", json.dumps(list(transcript)), json.dumps(rubric)
        )
    except DataError as error:
        raise MalformedTranscript(_named(error)) from error


def compute_score(kpis: Mapping[str, Any], rubric: Mapping[str, Any]) -> dict[str, Any]:
    """The score 0..100 with one line per criterion."""
    return _call("select compute_score(%s::jsonb, %s::jsonb)::text", json.dumps(kpis), json.dumps(rubric))


def score_attempt(attempt_id: UUID) -> dict[str, Any]:
    """Write KPIs, score and breakdown of a finished attempt and return the breakdown. Raises MalformedTranscript."""
    try:
        return _call("select score_attempt(%s)::text", attempt_id)
    except DataError as error:
        raise MalformedTranscript(_named(error)) from error


def score_transcripts(
    transcripts: Sequence[Sequence[Mapping[str, Any]]], rubric: Mapping[str, Any]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """KPIs and score of each transcript by one rubric, in one statement; keeps nothing. Raises MalformedTranscript."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SCORE_MANY, [json.dumps(rubric), [json.dumps(list(t)) for t in transcripts]])
            return [(json.loads(kpis), json.loads(score)) for kpis, score in cursor.fetchall()]
    except DataError as error:
        raise MalformedTranscript(_named(error)) from error


_SCORE_MANY = """
    with r as materialized (select kpi_slim(j) as rubric, kpi_compiled(j) as compiled from cast(%s as jsonb) as j),
    k as materialized (
        select n, compute_kpis(t::jsonb, rubric, compiled) as kpis, rubric
        from r, unnest(%s::text[]) with ordinality as u(t, n)
    )
    select kpis::text, compute_score(kpis, rubric)::text from k order by n
"""


def score_attempts(attempt_ids: Sequence[UUID]) -> int:
    """Write KPIs, score and breakdown of many finished attempts; return of how many. Raises MalformedTranscript.

    Needs a transaction, which holds what was computed until it is written.
    """
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists computed_scores")
        try:
            # Only what makes a table or answers a client may run on several cores; an update may not.
            cursor.execute(
                "create temporary table computed_scores on commit drop as select * from compute_scores(%s)",
                [list(attempt_ids)],
            )
        except DataError as error:
            raise MalformedTranscript(_named(error)) from error
        cursor.execute(
            """
            update scenario_attempts as a
            set score_history = case
                    when a.status = 'scored' and a.score_breakdown -> 'total' is distinct from c.breakdown -> 'total'
                    then a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions,
                        '{"cause": "scored_again"}'))
                    else a.score_history end,
                kpis = c.kpis, score = (c.breakdown ->> 'total')::numeric, score_breakdown = c.breakdown,
                status = 'scored', scored_at = now(), updated_at = now()
            from computed_scores as c where a.id = c.attempt_id and a.status in ('ended', 'scored')
            """
        )
        return int(cursor.rowcount)


def settle_score(attempt_id: UUID, cause: Mapping[str, Any]) -> dict[str, Any]:
    """Score an attempt anew from what was measured in it and what people decided, and return the breakdown.

    The earlier score goes to its history with `cause`. For the installation alone.
    """
    return _call("select settle_score(%s, %s::jsonb)::text", attempt_id, json.dumps(cause))


def _call(sql: str, *values: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    assert row is not None
    result: dict[str, Any] = json.loads(row[0])
    return result
