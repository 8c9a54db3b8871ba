"""Plain sentences out of figures: what a dashboard answers before it shows anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from parley.accounts.clock import Clock

_SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def number(count: int) -> str:
    """Up to twelve as a word, larger ones in digits with separators."""
    return _SMALL[count] if 0 <= count <= 12 else f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """`one call`, `three calls`, `1,204 calls`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", ":")) else ".") if text else ""


def points(value: float) -> str:
    """`4.2 points`, `1 point`."""
    size = f"{abs(value):.1f}".removesuffix(".0")
    return f"{size} point" if size == "1" else f"{size} points"


def figure(value: float | None) -> str:
    """A score without needless decimals; a dash when there is none."""
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def due(at: datetime, clock: Clock) -> str:
    """When something is due, as people say it in the reader's zone: today, tomorrow, on Friday, on 3 Dec."""
    day = at.astimezone(clock.own_zone).date()
    days = (day - clock.now.astimezone(clock.own_zone).date()).days
    if days < 0:
        return f"since {day:%-d %b}"
    if days < 2:
        return ("today", "tomorrow")[days]
    return f"on {day:%A}" if days < 7 else f"on {day:%-d %b}"
