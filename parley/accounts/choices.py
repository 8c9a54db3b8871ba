"""What people choose from: time zones, ways of writing, licensed states."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from parley.accounts.models import STATES

LOCALES = {"en-US": "English (United States)", "en-GB": "English (United Kingdom)"}
"""Ways to write dates and numbers. Another language joins when the interface is translated to it."""
_FIRST = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
)  # fmt: skip
_PLACES = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
WEEK_DAYS = ((0, "Sunday"), (1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"), (5, "Friday"),
             (6, "Saturday"))  # fmt: skip


@cache
def timezones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones in groups for a select: those of the United States first, then the world's and UTC."""
    rest = sorted(name for name in available_timezones() if name.startswith(_PLACES) and name not in _FIRST)
    return [
        ("United States", [(name, _readable(name)) for name in _FIRST]),
        ("Elsewhere", [("UTC", "UTC"), *((name, _readable(name)) for name in rest)]),
    ]


def states() -> list[tuple[str, str]]:
    """States and territories in which one can hold a licence, by their letters."""
    return [(code, code) for code in sorted(STATES)]


def _readable(name: str) -> str:
    return name.replace("_", " ")
