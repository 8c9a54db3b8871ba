"""Values become words that people read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parley.shell.templatetags import words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Ruiz", "AR"),
        ("Priya & Jonah Reyes", "PR"),
        ("Marcus", "M"),
        ("", "?"),
        (None, "?"),
        ("ben@demo.parley", "B"),
    ],
)
def test_a_name_has_initials(name: str | None, expected: str) -> None:
    assert words.initials(name) == expected


def test_a_name_keeps_its_tint() -> None:
    assert words.hue("Marcus Bell") == words.hue("Marcus Bell")
    assert 0 <= words.hue("Marcus Bell") <= 5


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0:00"), (65.9, "1:05"), (3729, "1:02:09"), (None, "–"), ("x", "–")]
)
def test_seconds_read_like_a_clock(seconds: object, expected: str) -> None:
    assert words.clock(seconds) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(Decimal("87.0"), "87"), (72.5, "72.5"), (0, "0"), (100, "100"), (None, "–"), ("", "–")]
)
def test_a_score_has_no_needless_decimals(value: object, expected: str) -> None:
    assert words.score(value) == expected


@pytest.mark.parametrize(
    ("value", "mark", "expected"),
    [
        (75, 75, "good"),
        (74.9, 75, "fair"),
        (60, 75, "fair"),
        (59.9, 75, "poor"),
        (None, 75, "none"),
        (80, None, "none"),
    ],
)
def test_a_score_falls_in_a_band_around_the_pass_mark(value: object, mark: object, expected: str) -> None:
    assert words.band(value, mark) == expected


def test_shares_and_minutes_are_rounded() -> None:
    assert words.percent(0.434) == "43 %"
    assert words.percent(None) == "–"
    assert words.minutes(900) == "15 min"
    assert words.minutes(20) == "1 min"
    assert words.first_name("Ana Ruiz") == "Ana"
