"""The five skill levels, as habits: how often a rep of that level does the right thing, or the wrong one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import floor
from typing import Literal, get_args

from parley.reps.dice import Dice

Level = Literal["poor", "weak", "fair", "good", "excellent"]
LEVELS: tuple[Level, ...] = get_args(Level)

FORM = 0.35
"""How far a rep's form of the day moves the habits, in levels either way: nobody sells alike on every call."""


@dataclass(frozen=True, slots=True)
class Skill:
    """Habits of one rep in one call. Shares are 0..1."""

    says_who: float
    """Gives name and company at the start."""
    says_licence: float
    says_recording: float
    asks_permission: float
    listens: float
    """Shows that the answer was heard before going on."""
    questions: float
    """Share of the playbook's questions that the rep means to ask."""
    asks_openly: float
    """Asks in the open way; else closed, leading or telling."""
    digs: float
    """Goes for what is behind the call, each of the times that it is worth trying."""
    acknowledges: float
    explores: float
    """Asks about an objection before answering it."""
    answers: float
    """Answers an objection with content; else brushes it off or pushes."""
    confirms: float
    tells: float
    """Gives the whole statement when it is asked for; else the careless one."""
    informs: float
    """Says before the close what has to be said, unasked."""
    proposes: float
    """Names the next step with a date; else ends vaguely."""
    tries_again: float
    """Comes back to the close after the buyer hesitated."""
    pitches: float
    """Gives a speech instead of asking, by turn."""
    slips: float
    """Breaks a rule, by turn."""
    interrupts: float
    """Talks over the buyer, by turn."""
    fillers_per_100_words: float
    words_per_minute: float
    pause_s: float
    """From the buyer's last word to the rep's first (seconds)."""


_HABITS: dict[str, tuple[float, float, float, float, float]] = {
    "says_who": (0.35, 0.8, 0.95, 1.0, 1.0),
    "says_licence": (0.02, 0.2, 0.55, 0.9, 1.0),
    "says_recording": (0.05, 0.3, 0.65, 0.95, 1.0),
    "asks_permission": (0.0, 0.12, 0.5, 0.9, 1.0),
    "listens": (0.05, 0.2, 0.4, 0.6, 0.7),
    "questions": (0.08, 0.28, 0.5, 0.75, 1.0),
    "asks_openly": (0.1, 0.4, 0.75, 0.95, 1.0),
    "digs": (0.0, 0.08, 0.4, 0.85, 1.0),
    "acknowledges": (0.03, 0.25, 0.55, 0.88, 1.0),
    "explores": (0.0, 0.1, 0.4, 0.8, 1.0),
    "answers": (0.08, 0.35, 0.7, 0.95, 1.0),
    "confirms": (0.0, 0.05, 0.25, 0.6, 0.95),
    "tells": (0.08, 0.3, 0.65, 0.95, 1.0),
    "informs": (0.0, 0.1, 0.4, 0.85, 1.0),
    "proposes": (0.08, 0.4, 0.75, 0.97, 1.0),
    "tries_again": (0.05, 0.3, 0.6, 0.9, 1.0),
    "pitches": (0.45, 0.2, 0.06, 0.0, 0.0),
    "slips": (0.16, 0.05, 0.015, 0.0, 0.0),
    "interrupts": (0.28, 0.14, 0.06, 0.02, 0.0),
    "fillers_per_100_words": (9.0, 6.0, 3.5, 1.6, 0.7),
    "words_per_minute": (198.0, 184.0, 170.0, 158.0, 150.0),
    "pause_s": (0.15, 0.3, 0.5, 0.8, 1.0),
}
"""By habit, from poor to excellent. Our own figures: what coaches tell apart, not measured norms."""


def skill_of(level: Level, dice: Dice) -> Skill:
    """The habits of a rep of this level, in the form that the call's dice give."""
    place = LEVELS.index(level) + FORM * (2 * dice.at("form").random() - 1)
    return Skill(**{field.name: _between(_HABITS[field.name], place) for field in fields(Skill)})


def _between(values: tuple[float, ...], place: float) -> float:
    place = min(max(place, 0.0), len(values) - 1.0)
    low = min(floor(place), len(values) - 2)
    return values[low] + (values[low + 1] - values[low]) * (place - low)
