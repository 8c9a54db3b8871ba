"""The KPIs that a criterion may be measured by, with their units and ranges."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI of kind number (or yes/no, as 1 and 0)."""

    label: str
    unit: str
    range: tuple[float, float] = (0.0, math.inf)


_SHARE = (0.0, 1.0)
_POLARITY = (-1.0, 1.0)

MEASURES: dict[str, Measure] = {
    "duration_s": Measure("Duration", "s"),
    "talk_ratio": Measure("Talk ratio", "share", _SHARE),
    "words_per_minute": Measure("Pace", "words per minute"),
    "filler_count": Measure("Fillers", "fillers"),
    "fillers_per_minute": Measure("Fillers per minute", "per minute"),
    "interruptions_by_rep": Measure("Interruptions", "times"),
    "interruptions_by_buyer": Measure("Interrupted by the buyer", "times"),
    "longest_monologue_s": Measure("Longest monologue", "s"),
    "longest_buyer_story_s": Measure("Longest buyer story", "s"),
    "patience_s": Measure("Patience", "s"),
    "pace_jump_wpm": Measure("Pace jump after an objection", "words per minute", (-math.inf, math.inf)),
    "interactivity_per_minute": Measure("Interactivity", "switches per minute"),
    "question_count": Measure("Questions", "questions"),
    "open_question_count": Measure("Open questions", "open questions"),
    "open_question_share": Measure("Share of open questions", "share", _SHARE),
    "follow_up_count": Measure("Follow-up questions", "follow-ups"),
    "sentiment_rep": Measure("Sentiment of the rep", "-1 to 1", _POLARITY),
    "sentiment_buyer": Measure("Sentiment of the buyer", "-1 to 1", _POLARITY),
    "discovery_share": Measure("Discovery topics asked", "share", _SHARE),
    "motive_found": Measure("Motive found", "yes or no", _SHARE),
    "objection_share": Measure("Objections handled", "share", _SHARE),
}
