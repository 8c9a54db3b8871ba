"""Pairs of scores, by the judge and by a person: from a CSV file, or from what managers overrode."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from parley.scoring.calibration.agreement import HIGHEST, LOWEST, Agreement, agreement
from parley.scoring.models import GATE, Override

COLUMNS = ("criterion", "judge", "human")
"""What a file must have; other columns are ignored."""
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion of one call as both saw it, 0 to 4."""

    criterion: str
    judge: float
    human: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Agreement over all pairs and by criterion, and the rows that could not be used."""

    all: Agreement
    by_criterion: list[tuple[str, Agreement]]
    problems: list[str]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            **asdict(self.all),
            "criteria": {name: asdict(found) for name, found in self.by_criterion},
            "problems": self.problems,
        }


class BadFile(Exception):
    """A file cannot be read as ratings; the text says what it needs."""


def calibrate(ratings: Sequence[Rating], problems: Sequence[str] = ()) -> Calibration:
    """How far judge and people agree, over everything and for each criterion."""
    names = sorted({rating.criterion for rating in ratings})
    return Calibration(
        all=_agreement(ratings),
        by_criterion=[(name, _agreement([r for r in ratings if r.criterion == name])) for name in names],
        problems=list(problems),
    )


def read_ratings(lines: Iterable[str]) -> tuple[list[Rating], list[str]]:
    """The ratings of a CSV file with the columns criterion, judge and human; and each bad row by its line.

    Comma, semicolon or tab. Raises BadFile when columns are missing or nothing can be used.
    """
    rows = [line.removeprefix("\ufeff") if n == 0 else line for n, line in enumerate(lines)]
    if not any(row.strip() for row in rows):
        raise BadFile("The file is empty; its first line names the columns criterion, judge, human.")
    reader = csv.DictReader(rows, delimiter=_delimiter(rows[0]))
    reader.fieldnames = [str(name).strip().lower() for name in reader.fieldnames or []]
    if missing := [name for name in COLUMNS if name not in reader.fieldnames]:
        raise BadFile(
            f"The file has no column {' and no '.join(missing)} (it has {', '.join(reader.fieldnames)[:200]}); its "
            "first line names the columns criterion, judge, human."
        )
    ratings: list[Rating] = []
    problems: list[str] = []
    try:
        for row in reader:
            if reader.line_num > MOST_ROWS:
                raise BadFile(f"The file has more than {MOST_ROWS} lines; split it.")
            _take(row, reader.line_num, ratings, problems)
    except csv.Error as error:
        raise BadFile(f"Line {reader.line_num} cannot be read ({error}); save the file as plain CSV.") from None
    if not ratings:
        raise BadFile("\n".join(["No row of the file can be used.", *problems[:20]]))
    return ratings, problems


def override_ratings(*, judged_only: bool = True) -> list[Rating]:
    """What managers decided, as the acting member may see it: the newest decision on each criterion of each attempt.

    With `judged_only` criteria of kind `judge` alone; else every criterion, its computed share taken as 0 to 4.
    """
    rows = Override.objects.select_related("attempt").order_by("attempt_id", "criterion", "-created_at")
    newest = {(row.attempt_id, row.criterion): row for row in reversed(rows)}
    kinds = {"judge"} if judged_only else {"judge", "kpi", "phrase", "objection", "topic", "goal", "compliance"}
    return [
        Rating(row.criterion, round(HIGHEST * row.computed_share, 2), round(HIGHEST * row.share, 2))
        for row in newest.values()
        if row.share is not None
        and row.computed_share is not None
        and not row.criterion.startswith(GATE)
        and _kind(row) in kinds
    ]


def _agreement(ratings: Sequence[Rating]) -> Agreement:
    return agreement([rating.judge for rating in ratings], [rating.human for rating in ratings])


def _take(row: dict[str, str | None], line: int, ratings: list[Rating], problems: list[str]) -> None:
    name = (row.get("criterion") or "").strip()
    if not any((value or "").strip() for value in row.values() if isinstance(value, str)):
        return
    if not name:
        problems.append(f"Line {line}: criterion is empty; name the criterion.")
        return
    scores = []
    for column in ("judge", "human"):
        text = (row.get(column) or "").strip()
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = float("nan")
        if not LOWEST <= value <= HIGHEST:
            problems.append(f"Line {line}: {column} is {text[:20]!r}; use a number from 0 to 4.")
            return
        scores.append(value)
    ratings.append(Rating(name[:80], *scores))


def _kind(row: Override) -> str:
    criteria = row.attempt.rubric.get("criteria") or []
    return next((str(c["kind"]) for c in criteria if c["id"] == row.criterion), "")


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)
