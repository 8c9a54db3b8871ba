"""What pages show of overrides and disputes, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One decision. `share_percent` None: back to what was computed. `says` puts it in words."""

    says: str
    by_name: str
    reason: str
    at: datetime
    counts: bool
    """The newest one counts."""


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One dispute with its answer."""

    id: UUID
    reason: str
    by_name: str
    at: datetime
    status: str
    answer: str
    answered_by_name: str
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Does it wait for an answer?"""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class Correction:
    """What people said about one criterion (or cap), and what the reader may do about it."""

    url: str
    may_override: bool = False
    may_dispute: bool = False
    overrides: list[OverrideRow] = field(default_factory=list)
    disputes: list[DisputeRow] = field(default_factory=list)

    @property
    def is_disputed(self) -> bool:
        """Does a dispute wait for an answer?"""
        return any(dispute.is_open for dispute in self.disputes)

    @property
    def is_overridden(self) -> bool:
        """Does a person's decision count now?"""
        return any(row.counts for row in self.overrides)


@dataclass(frozen=True, slots=True)
class EarlierScore:
    """A score that another took the place of."""

    score: float | None
    passed: bool | None
    rubric_version: int | None
    replaced_at: datetime | None
    why: str
    criteria: list[tuple[str, float | None, float]]
    """Label, points, weight."""


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """One line of the list of disputes that wait."""

    url: str
    rep_name: str
    scenario_title: str
    label: str
    reason: str
    at: datetime
