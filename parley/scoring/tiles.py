"""KPI tiles: a value in words beside its target band.

Bands are guidance, never proof; docs/reference/kpis.md has the sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Verdict = Literal["good", "fair", "poor", "none"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One KPI, ready to be drawn."""

    measure: str
    """The KPI's name in the KPI JSON, also the anchor in docs/reference/kpis.md."""
    label: str
    value: str
    """In words, such as `45:55` or `151`; a dash when there was not enough to judge."""
    unit: str
    target: str
    """The target band in words, such as `40–55 %`; empty when there is none."""
    verdict: Verdict
    """`good` within the target, `fair` near it, `poor` outside, `none` without a target or a value."""
    note: str
    """One short remark, such as `3 fillers in all`; may be empty."""
    at: float | None
    """Where the value lies on the tile's scale, 0..100; None draws no marker."""
    band: tuple[float, float] | None
    """Where the target band lies on the same scale, 0..100 each; None draws no band."""


@dataclass(frozen=True, slots=True)
class _Scale:
    measure: str
    label: str
    unit: str
    target: str
    good: tuple[float, float] | None
    fair: tuple[float, float] | None
    ends: tuple[float, float]
    write: Callable[[float], str]
    note: Callable[[Mapping[str, Any]], str] = lambda kpis: ""


def _percent(value: float) -> str:
    return f"{value * 100:.0f} %"


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _tenths(value: float) -> str:
    return f"{value:.1f}"


def _signed(value: float) -> str:
    return f"{value:+.0f}"


def _polarity(value: float) -> str:
    return f"{value:+.2f}"


def _filler_note(kpis: Mapping[str, Any]) -> str:
    count = kpis.get("filler_count")
    return "" if count is None else f"{count} filler{'' if count == 1 else 's'} in all"


def _talk_note(kpis: Mapping[str, Any]) -> str:
    split = kpis.get("talk_listen")
    return f"you : buyer {split}" if split else ""


def _open_note(kpis: Mapping[str, Any]) -> str:
    count = kpis.get("question_count")
    return "" if count is None else f"of {count} question{'' if count == 1 else 's'}"


_SCALES = (
    _Scale(
        "talk_ratio", "Talk ratio", "of all speech", "40–55 %", (0.4, 0.55), (0.35, 0.65), (0, 1), _percent, _talk_note
    ),
    _Scale("words_per_minute", "Pace", "words per minute", "130–175", (130, 175), (115, 190), (80, 230), _whole),
    _Scale("fillers_per_minute", "Fillers", "per minute", "up to 4", (0, 4), (0, 8), (0, 14), _tenths, _filler_note),
    _Scale("question_count", "Questions", "in the call", "8–16", (8, 16), (5, 20), (0, 24), _whole),
    _Scale(
        "open_question_share",
        "Open questions",
        "of your questions",
        "40 % or more",
        (0.4, 1),
        (0.25, 1),
        (0, 1),
        _percent,
        _open_note,
    ),
    _Scale("longest_monologue_s", "Longest monologue", "seconds", "up to 90", (0, 90), (0, 150), (0, 240), _whole),
    _Scale("patience_s", "Patience", "seconds before you answer", "0.6–3", (0.6, 3), (0.3, 4), (0, 5), _tenths),
    _Scale("interruptions_by_rep", "Interruptions", "by you", "none", (0, 0), (0, 1), (0, 6), _whole),
    _Scale(
        "pace_jump_wpm",
        "Pace after an objection",
        "words per minute more",
        "below +15",
        (-60, 14.9),
        (-60, 25),
        (-60, 60),
        _signed,
    ),
    _Scale(
        "interactivity_per_minute", "Interactivity", "changes of speaker per minute", "", None, None, (0, 20), _tenths
    ),
    _Scale("sentiment_rep", "Your tone", "in words, −1 to 1", "", None, None, (-1, 1), _polarity),
    _Scale("sentiment_buyer", "Buyer's tone", "in words, −1 to 1", "", None, None, (-1, 1), _polarity),
)


def tiles_of(kpis: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> list[Tile]:
    """The tiles of the review page, in order. A KPI that is null becomes a dash.

    `own` are the organisation's bands by measure, as they were frozen on the call; they take the place of ours.
    """
    return [_tile(_with_own(scale, (own or {}).get(scale.measure)), kpis) for scale in _SCALES]


def _with_own(scale: _Scale, own: Mapping[str, Any] | None) -> _Scale:
    if not own:
        return scale
    (low, high), (least, most) = own["good"], own["fair"]
    words = f"{scale.write(low)}–{scale.write(high)}".replace(" %–", "–")
    return replace(scale, target=words, good=(low, high), fair=(least, most))


def _tile(scale: _Scale, kpis: Mapping[str, Any]) -> Tile:
    value = kpis.get(scale.measure)
    return Tile(
        measure=scale.measure,
        label=scale.label,
        value="–" if value is None else scale.write(float(value)),
        unit=scale.unit,
        target=scale.target,
        verdict=_verdict(scale, value),
        note="not enough to judge" if value is None else scale.note(kpis),
        at=None if value is None else _place(float(value), scale.ends),
        band=scale.good and (_place(scale.good[0], scale.ends), _place(scale.good[1], scale.ends)),
    )


def _verdict(scale: _Scale, value: float | None) -> Verdict:
    if value is None or scale.good is None or scale.fair is None:
        return "none"
    if scale.good[0] <= value <= scale.good[1]:
        return "good"
    return "fair" if scale.fair[0] <= value <= scale.fair[1] else "poor"


def _place(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return round(100 * min(1.0, max(0.0, (value - low) / (high - low))), 1)
