"""Bring the reporting star up to date. Both run as the installation and may be called from many processes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from parley.core import events


def write_facts(attempt_ids: Sequence[UUID] | None = None) -> int:
    """Write the facts of these scored attempts, or of all that are due; returns how many rows changed."""
    return _write_facts("select write_facts(%s)", [None if attempt_ids is None else list(attempt_ids)])


def write_newest_facts() -> int:
    """Write the facts that are due of what was scored since a day before the views were last refreshed.

    A score of one call then costs the same however long the history is. What is older has its fact: views are refreshed
    after facts are written, and no transaction that scores takes a day. Returns how many rows changed.
    """
    return _write_facts(
        "select write_facts(null, coalesce("
        "(select min(began_at) from reporting_refreshes) - interval '1 day', '-infinity'))",
        [],
    )


def _write_facts(sql: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def write_kpi_events(at_most: int = 1000) -> int:
    """Write what was counted in that many attempts, newest first; returns how many were done, 0 when none is left."""
    with connection.cursor() as cursor:
        cursor.execute("select write_kpi_events(%s)", [at_most])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def refresh_reporting() -> bool:
    """Refresh the materialized views; False when somebody else's refresh served this call too."""
    with connection.cursor() as cursor:
        cursor.execute("select refresh_reporting()")
        row = cursor.fetchone()
    assert row is not None
    return bool(row[0])


def refresh_and_tell() -> None:
    """Refresh the views; record `leaderboard.moved` for each organisation with newer official scores than last time.

    Everybody hears of it, so practice, which is each rep's own, moves nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("select began_at from reporting_refreshes where view_name = 'mv_leaderboard_month'")
        before = cursor.fetchone()
        refresh_reporting()
        cursor.execute(
            "select distinct org_id from scenario_attempts "
            "where status = 'scored' and mode = 'official' "
            "and scored_at > coalesce(%s::timestamptz - interval '1 minute', '-infinity')",
            [before[0] if before else None],
        )
        orgs = [row[0] for row in cursor.fetchall()]
    for org_id in orgs:
        events.record("leaderboard.moved", org_id=org_id, subject=("org", org_id), actor_id=None)
