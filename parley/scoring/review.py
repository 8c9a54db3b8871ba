"""What the review page shows, as frozen dataclasses. Templates read nothing else.

Context of `scoring/review.html` and of its part `scoring/_score.html`: one name, `review`, a `Review`.
Context of `scoring/attempts.html`: `attempts`, a list of `AttemptRow`.
Anything with `start_ms` is a button that plays the recording from there: give it `data-start-ms`, `data-end-ms` and
`data-i`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from parley.scoring.arithmetic import Arithmetic
from parley.scoring.corrections.shown import Correction, EarlierScore
from parley.scoring.tiles import Tile

State = Literal["live", "scoring", "scored", "failed", "abandoned"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the transcript that a point stands on."""

    i: int
    start_ms: int
    end_ms: int
    clock: str
    """Start as `m:ss`."""
    quote: str


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """One KPI of a criterion that has several."""

    label: str
    share: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What a criterion earned before a person decided; None where it was not judged."""

    weight: float
    share: float | None
    points: float | None


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One row of the scorecard. `points` = `weight` x `share`; `left_out` when there was not enough to judge."""

    id: str
    label: str
    weight: float
    share: float | None
    share_percent: int | None
    points: float | None
    why: str
    help: str
    left_out: bool
    verdict: Literal["good", "fair", "poor", "none"]
    parts: list[CriterionPart]
    evidence: list[Evidence]
    computed: Computed | None
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class Cap:
    """Why the score could not rise above a cap."""

    key: str
    """`gate:<id>`."""
    cap: float
    label: str
    rule: str
    source: str
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The score with its arithmetic. `total` is None when it abstains; `uncapped` is the sum before a cap."""

    total: float | None
    uncapped: float | None
    pass_mark: float
    passed: bool | None
    abstained: bool
    abstained_why: str
    cap: Cap | None
    criteria: list[CriterionRow]
    rubric_title: str
    rubric_version: int
    arithmetic: Arithmetic
    computed_total: float | None
    """The score without what people decided; None when nobody decided anything, or too little could be judged."""
    decided: int
    """How many criteria and caps people decided."""
    corrections: dict[str, Correction]
    """By criterion id, and by `gate:<id>` for caps that hold or were lifted."""
    lifted: list[tuple[str, Correction]]
    """Caps that a person lifted, with their label."""


@dataclass(frozen=True, slots=True)
class ComplianceRow:
    """One check: `pass`, `fail` or `not_applicable`, with the rule in plain words."""

    id: str
    label: str
    outcome: Literal["pass", "fail", "not_applicable"]
    severity: Literal["fail", "major", "minor"]
    rule: str
    source: str
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Step:
    """One LAER step of an objection: True done, False missed, None not enough to judge."""

    name: str
    done: bool | None


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection that the buyer raised and how it was taken."""

    tag: str
    label: str
    raised: Evidence | None
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A discovery topic and whether it was asked."""

    label: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that the feedback speaks about."""

    i: int
    start_ms: int
    end_ms: int
    clock: str
    quote: str
    comment: str


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to do differently, with better words; `quote` is what was said instead, when there is such a moment."""

    what: str
    say_instead: str
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a coach would say after the call."""

    summary: str
    quotes: list[Quote]
    strengths: list[str]
    try_: Try | None
    next_step: str
    writer: str
    note: str
    """Why a language model's feedback was not used, when that is so."""
    is_writing: bool
    """More comes: follow `Review.feedback_url`."""

    @property
    def is_by_model(self) -> bool:
        """Did a language model write it?"""
        return self.writer.startswith("llm:")


@dataclass(frozen=True, slots=True)
class Mark:
    """A small label on a transcript line. `kind` is objection, motive, goal, topic, interruption or violation."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One utterance beside the waveform."""

    i: int
    speaker: Literal["rep", "buyer"]
    name: str
    start_s: float
    end_s: float
    start_ms: int
    end_ms: int
    clock: str
    text: str
    marks: list[Mark]
    cited: bool
    """Some point or remark of the review stands on this line."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The stereo recording behind a signed address that expires; `renew_url` answers JSON with a fresh one."""

    url: str
    duration_s: float
    channels: int
    peaks: list[list[float]]
    """Two lists of 0..1, rep then buyer, evenly spaced over the call."""
    renew_url: str


@dataclass(frozen=True, slots=True)
class EarlierAttempt:
    """Another attempt of the same person at the same scenario, newest first."""

    id: UUID
    url: str
    started_at: datetime
    score: float | None
    too_little: bool
    """Scored, and there was not enough to judge."""
    duration: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Review:
    """All of the review page. Parts that are not there yet are None; the page then polls `score_url` every 2 s."""

    attempt_id: UUID
    url: str
    score_url: str
    """The part `_score.html` alone; poll it while `is_waiting`."""
    feedback_url: str
    """Server-sent events with the feedback as it is written."""
    try_again_url: str
    state: State
    is_waiting: bool
    waiting_text: str
    """What is happening while `is_waiting`, in one sentence."""
    scenario_title: str
    scenario_key: str
    scenario_id: UUID
    goal_label: str
    persona_name: str
    rep_name: str
    is_own: bool
    kind: Literal["voice", "typed", "imported"]
    started_at: datetime
    duration: str
    """`m:ss`."""
    end_text: str
    """How the call ended, in a sentence."""
    notes: list[str]
    score: ScoreCard | None
    tiles: list[Tile]
    objections: list[ObjectionRow]
    topics: list[TopicRow]
    compliance: list[ComplianceRow]
    rules_notice: str
    """Why the rules do not count as the organisation's own yet; empty when its compliance officer approved them."""
    rules_approved: str
    """By whom and until when, when they are approved."""
    feedback: Feedback | None
    scenario_draft_url: str
    """Where an author makes a scenario of this call; empty when there is nothing to make it of."""
    words_hidden: bool
    """The reader may see the numbers of this call, not what was said (hr)."""
    transcript: list[TranscriptLine]
    """Empty when the reader may not see words (hr) or the call still runs."""
    sound: Sound | None
    earlier: list[EarlierAttempt]
    history: list[EarlierScore]
    """Scores of this attempt that others took the place of, newest first."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One line of the list of attempts."""

    id: UUID
    url: str
    scenario_title: str
    persona_name: str
    started_at: datetime
    duration: str
    kind: str
    state: State
    score: float | None
    passed: bool | None
    share: float | None = None
    """Of the criterion asked for, 0..1."""
