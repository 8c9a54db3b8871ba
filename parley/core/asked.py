"""What an address asks for, read so that nonsense is named and left out."""

from __future__ import annotations

from datetime import date


def read_day(value: str, name: str, problems: list[str]) -> date | None:
    """A day written like 2026-01-31, between 2000 and 2100; None for an empty value, and a problem for any other."""
    value = value.strip()
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        problems.append(f"{name}={value[:60]!r} is no day; write it like 2026-01-31.")
        return None
    return day
