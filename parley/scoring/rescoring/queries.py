"""What another version of a rubric would make of history, before anything is changed."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse

from parley.core.tenancy import acting_as_service
from parley.scenarios.models import Scenario
from parley.scoring.models import Rescore

REASON = "A preview counts practice calls too, which only their reps may see one by one."

_PREVIEW = """
    select r.attempt_id, r.mode, r.started_at, r.from_version, r.kept, (r.before ->> 'total')::float8, (r.after ->> 'total')::float8,
        r.before -> 'passed' = 'true', r.after -> 'passed' = 'true', r.move::text,
        coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)
    from rescored(%s, %s) as r left join users as u on u.id = r.user_id
    order by abs(coalesce((r.after ->> 'total')::float8, 0) - coalesce((r.before ->> 'total')::float8, 0)) desc, r.started_at desc
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Moved:
    """One official attempt and what becomes of it."""

    attempt_id: UUID
    url: str
    rep_name: str
    started_at: datetime
    from_version: int
    before: float | None
    after: float | None
    newly_passed: bool
    newly_failed: bool
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that would change. `rows`: official attempts whose score or pass moves, the biggest move first."""

    attempts: int
    moved: int
    newly_passed: int
    newly_failed: int
    kept: int
    practice: int
    practice_moved: int
    mean_before: float | None
    mean_after: float | None
    explained_by: list[tuple[str, int]]
    rows: list[Moved]
    took_s: float


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a scenario and how many scored attempts count by its rubric now."""

    id: UUID
    number: int
    status: str
    title: str
    attempts: int


def preview(scenario: Scenario, *, measure_again: bool = False) -> Preview:
    """What this version of the scenario's rubric would make of every scored attempt at it; one statement, no change.

    The caller must be allowed to see the scenario; practice calls are counted and never named.
    """
    began = time.monotonic()
    with acting_as_service(REASON), connection.cursor() as cursor:
        cursor.execute(_PREVIEW, [scenario.pk, measure_again])
        found = [_Row(*row) for row in cursor.fetchall()]
    scored = [row for row in found if not row.kept]
    moved = [row for row in scored if row.before != row.after]
    practice = [row for row in scored if row.mode == "practice"]
    reasons = Counter(json.loads(row.move)["label"] for row in moved if row.move)
    return Preview(
        attempts=len(scored),
        moved=len(moved),
        newly_passed=sum(row.newly_passed for row in scored),
        newly_failed=sum(row.newly_failed for row in scored),
        kept=len(found) - len(scored),
        practice=len(practice),
        practice_moved=sum(row.before != row.after for row in practice),
        mean_before=_mean([row.before for row in scored]),
        mean_after=_mean([row.after for row in scored]),
        explained_by=reasons.most_common(),
        rows=[row.shown() for row in scored if row.mode == "official" and row.changes],
        took_s=round(time.monotonic() - began, 2),
    )


def versions_of(org_id: UUID, key: str) -> list[Version]:
    """All versions of a scenario, newest first, with the scored attempts that count by each one's rubric."""
    rows = list(Scenario.objects.filter(org_id=org_id, key=key).order_by("-version"))
    with acting_as_service(REASON):
        counts = _counts(org_id, key)
    return [Version(row.pk, row.version, row.status, row.title, counts.get(row.version, 0)) for row in rows]


def recent(scenario_key: str) -> list[Rescore]:
    """The last runs over this scenario that the acting member may see, newest first."""
    return list(
        Rescore.objects.filter(scenario__key=scenario_key).select_related("scenario", "by").order_by("-created_at")[:10]
    )


def _counts(org_id: UUID, key: str) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce((a.versions ->> 'rubric_from')::integer, s.version), count(*) from scenario_attempts as a "
            "join scenarios as s on s.id = a.scenario_id where s.org_id = %s and s.key = %s and a.status = 'scored' "
            "group by 1",
            [org_id, key],
        )
        return dict(cursor.fetchall())


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 1) if known else None


@dataclass(frozen=True, slots=True)
class _Row:
    attempt_id: UUID
    mode: str
    started_at: datetime
    from_version: int
    kept: bool
    before: float | None
    after: float | None
    passed: bool | None
    passes: bool | None
    move: str | None
    rep_name: str

    @property
    def changes(self) -> bool:
        return self.before != self.after or self.newly_passed or self.newly_failed

    @property
    def newly_passed(self) -> bool:
        return bool(self.passes) and not self.passed

    @property
    def newly_failed(self) -> bool:
        return bool(self.passed) and not self.passes

    def shown(self) -> Moved:
        move: dict[str, Any] = json.loads(self.move) if self.move else {}
        return Moved(
            attempt_id=self.attempt_id,
            url=reverse("attempt-review", args=[self.attempt_id]),
            rep_name=self.rep_name,
            started_at=self.started_at,
            from_version=self.from_version,
            before=self.before,
            after=self.after,
            newly_passed=self.newly_passed,
            newly_failed=self.newly_failed,
            label=str(move.get("label", "Pass mark")),
            why=str(move.get("why", "" if move else "the same score, by another pass mark")),
        )
