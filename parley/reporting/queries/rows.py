"""Rows of SQL functions as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from django.db import connection

Row = TypeVar("Row")


def fetch(row: type[Row], sql: str, values: Sequence[Any] = ()) -> list[Row]:
    """Ask, and fill the dataclass by column name; columns that it does not have are left out."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        wanted = {field.name for field in fields(row) if field.init}  # type: ignore[arg-type]
        places = [(name, place) for place, name in enumerate(names) if name in wanted]
        return [row(**{name: found[place] for name, place in places}) for found in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Tally:
    """Official attempts, counted."""

    attempts: int = 0
    scored: int = 0
    score_sum: float = 0.0
    passed: int = 0
    failed: int = 0
    goals_hit: int = 0
    compliance_failed: int = 0

    @property
    def average(self) -> float | None:
        """Mean score 0..100; None when nothing was scored."""
        return round(self.score_sum / self.scored, 1) if self.scored else None

    @property
    def pass_share(self) -> float | None:
        """Share 0..1 of judged attempts that passed."""
        judged = self.passed + self.failed
        return self.passed / judged if judged else None


COUNTED = ("attempts", "scored", "passed", "failed", "goals_hit", "compliance_failed")


def total(rows: Iterable[Any]) -> Tally:
    """The sum of rows that count the same things; a row may leave some out."""
    kept = list(rows)
    sums = {name: sum(int(getattr(row, name, None) or 0) for row in kept) for name in COUNTED}
    return Tally(score_sum=float(sum(row.score_sum or 0 for row in kept)), **sums)
