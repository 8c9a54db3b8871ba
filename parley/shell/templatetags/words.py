"""Filters that turn values into words for a page."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def initials(name: Any) -> str:
    """Up to two letters that stand for a person: `Ana Ruiz` becomes `AR`."""
    words = [word for word in str(name or "").replace("&", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


@register.filter
def first_name(name: Any) -> str:
    """The word by which one greets a person: `Ana` of `Ana Ruiz`."""
    return str(name or "").split(" ", 1)[0]


@register.filter
def hue(name: Any) -> int:
    """A number 0..5 that is always the same for the same name: the tint of a person's avatar."""
    return sum(ord(letter) for letter in str(name or "")) % 6


@register.filter
def clock(seconds: Any) -> str:
    """Seconds as `4:05` or `1:02:09`; a dash when unknown."""
    try:
        whole = max(0, int(float(seconds)))
    except (TypeError, ValueError):
        return "–"
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"


@register.filter
def minutes(seconds: Any) -> str:
    """Seconds as `15 min`; a dash when unknown."""
    try:
        return f"{max(1, round(float(seconds) / 60))} min"
    except (TypeError, ValueError):
        return "–"


@register.filter
def score(value: Any) -> str:
    """A score as people read it: `87`, `72.5`; a dash when there is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "–"
    return f"{number:.1f}".removesuffix(".0")


@register.filter
def percent(value: Any) -> str:
    """A share 0..1 as `43 %`; a dash when there is none."""
    try:
        return f"{round(float(value) * 100)} %"
    except (TypeError, ValueError):
        return "–"


@register.filter
def band(value: Any, pass_mark: Any = 75) -> str:
    """Which of good, fair, poor or none a score of 0..100 falls in: up to 15 points below the pass mark is `fair`."""
    try:
        number, mark = float(value), float(pass_mark)
    except (TypeError, ValueError):
        return "none"
    if number >= mark:
        return "good"
    return "fair" if number >= mark - 15 else "poor"
