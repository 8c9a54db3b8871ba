"""How one's own list of calls is narrowed by its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from parley.accounts.clock import Clock
from parley.calls.models import MODES, Attempt
from parley.core.asked import read_day


@dataclass(frozen=True, slots=True)
class OwnFilter:
    """Empty fields narrow nothing; days are the organisation's, both included."""

    since: date | None = None
    until: date | None = None
    mode: str = ""
    scenario: str = ""
    criterion: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What the list is narrowed to."""
        parts = [
            f"from {self.since:%-d %b %Y}" if self.since else "",
            f"until {self.until:%-d %b %Y}" if self.until else "",
            f"{self.mode} only" if self.mode else "",
            f"at {self.scenario}" if self.scenario else "",
            f"with your share of {self.criterion}" if self.criterion else "",
        ]
        return ", ".join(part for part in parts if part)

    def narrow(self, rows: QuerySet[Attempt], clock: Clock) -> QuerySet[Attempt]:
        """The rows that match."""
        wanted: dict[str, Any] = {}
        if self.since:
            wanted["created_at__gte"] = clock.midnight(self.since)
        if self.until:
            wanted["created_at__lt"] = clock.midnight(self.until + timedelta(days=1))
        if self.mode:
            wanted["mode"] = self.mode
        if self.scenario:
            wanted["scenario__key"] = self.scenario
        return rows.filter(**wanted)


def read_own_filter(asked: QueryDict) -> OwnFilter:
    """What the address asks for; what makes no sense is named and left out."""
    problems: list[str] = []
    days = {name: read_day(asked.get(name, ""), name, problems) for name in ("since", "until")}
    mode = asked.get("mode", "")
    if mode and mode not in MODES:
        problems.append(f"mode={mode[:40]!r} is unknown; use practice or official.")
        mode = ""
    words = {name: asked.get(name, "").replace("\0", "")[:80] for name in ("scenario", "criterion")}
    return OwnFilter(days["since"], days["until"], mode, words["scenario"], words["criterion"], problems)
