"""Lines and cards that dashboards show: standings, happenings, attempts, assignments. Presentation only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Standing:
    """One line of a leaderboard. `moved` is how many places up (positive) or down since before; None when new."""

    rank: int
    name: str
    score: float | None
    attempts: int
    moved: int | None = None
    href: str = ""
    me: bool = False
    photo: str = ""


@dataclass(frozen=True)
class Happening:
    """One line of an activity feed: who did what to what, and when."""

    who: str
    did: str
    what: str
    at: datetime
    href: str = ""
    icon: str = "circle-check"
    tone: str = "quiet"


@dataclass(frozen=True)
class AttemptCard:
    """One recent attempt. `status` is its state in words; `score` is None until it is scored."""

    title: str
    at: datetime
    href: str
    score: float | None = None
    pass_mark: float = 75
    duration_s: float | None = None
    status: str = ""
    again_href: str = ""


@dataclass(frozen=True)
class DueAssignment:
    """One assignment that somebody still has to do; `done` of `total` scenarios are passed."""

    title: str
    href: str
    due: datetime | None
    done: int = 0
    total: int = 1
    overdue: bool = False
    note: str = ""
