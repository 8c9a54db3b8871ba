"""The published shapes of transcript, KPIs and score. The SQL makes them; these models describe and check them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TimedWord(BaseModel):
    """One recognised word with its times in seconds."""

    w: str
    start: Seconds
    end: Seconds


class TranscriptUtterance(BaseModel):
    """One uninterrupted stretch of speech by one speaker, cut to what was heard."""

    model_config = ConfigDict(extra="ignore")
    i: Count | None = Field(default=None, description="Index in the transcript; its position when absent.")
    speaker: Literal["rep", "buyer"]
    start: Seconds = Field(description="Seconds from call start.", examples=[1.2])
    end: Seconds = Field(le=86400, examples=[4.85])
    text: str = Field(examples=["Hi, um, this is Dana …"])
    words: list[TimedWord] | None = None
    heard_until: Seconds | None = Field(default=None, description="When a buyer who was cut off was last heard.")
    tags: list[str] | None = Field(default=None, examples=[["objection:rate-too-high"]])
    sentiment: Annotated[float, Field(ge=-1, le=1)] | None = Field(default=None, description="VADER compound.")
    confidence: Share | None = Field(
        default=None, description="How sure the recogniser is of the words; absent where nothing had to be recognised."
    )
    source: Literal["live", "pass", "import", "typed", "simulated"] = "live"

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"end={self.end:g} lies before start={self.start:g}")
        return self


Transcript = TypeAdapter(list[TranscriptUtterance])


class Citation(_Shape):
    """Evidence: an exact quote with its utterance index and times."""

    i: Count
    start_ms: Count
    end_ms: Count
    quote: str


class PhraseKpi(_Shape):
    """A required phrase; `found` is null when nothing called for it."""

    id: str
    found: bool | None
    at: list[Count]
    missed_at: list[Count] = Field(description="Where it was asked for and missing, for phrases with a condition.")


class ForbiddenKpi(_Shape):
    """A forbidden phrase."""

    id: str
    found: bool
    at: list[Count]


class ObjectionKpi(_Shape):
    """How an objection was taken, step by step; null where it cannot be told."""

    tag: str
    raised_at: Count
    listened: bool | None
    acknowledged: bool | None
    explored: bool | None
    answered: bool | None
    confirmed: bool | None
    share: Share


class TopicKpi(_Shape):
    """Where a topic was asked; null when it was not."""

    id: str
    covered_at: Count | None


class GoalKpi(_Shape):
    """Was the goal proposed, dated and agreed?"""

    id: str
    hit: bool
    at: Count | None
    asked: bool
    dated: bool


class ComplianceKpi(_Shape):
    """One compliance check."""

    id: str
    outcome: Literal["pass", "fail", "not_applicable"]
    severity: Literal["fail", "major", "minor"]
    at: list[Count]


class JudgedKpi(_Shape):
    """What a language model made of one criterion, with the verified words that it stands on."""

    id: str = Field(description="Of the criterion.")
    score: Annotated[float, Field(ge=0, le=4)] | None = Field(description="0..4 by the criterion's anchors.")
    quote: str | None = Field(description="Exact words of utterance `i`; without them the criterion is left out.")
    i: Count | None
    start_ms: Count | None
    end_ms: Count | None
    model: str
    prompt_version: str
    why: str


class Kpis(_Shape):
    """The result of `compute_kpis`. Null means not enough to judge, never zero."""

    version: Literal[1]
    typed: bool
    duration_s: Seconds
    rep_speech_s: Seconds
    buyer_speech_s: Seconds
    rep_words: Count
    talk_ratio: Share | None
    talk_listen: str | None = Field(examples=["45:55"])
    words_per_minute: Annotated[float, Field(ge=0)] | None
    filler_count: Count | None
    fillers_per_minute: Annotated[float, Field(ge=0)] | None
    interruptions_by_rep: Count | None
    interruptions_by_buyer: Count | None
    longest_monologue_s: Seconds | None
    longest_buyer_story_s: Seconds | None
    patience_s: Seconds | None
    pace_jump_wpm: float | None
    interactivity_per_minute: Annotated[float, Field(ge=0)] | None
    question_count: Count
    open_question_count: Count
    open_question_share: Share | None
    follow_up_count: Count
    sentiment_rep: Annotated[float, Field(ge=-1, le=1)] | None
    sentiment_buyer: Annotated[float, Field(ge=-1, le=1)] | None
    phrases: list[PhraseKpi]
    forbidden: list[ForbiddenKpi]
    objections: list[ObjectionKpi]
    objections_raised: Count
    objections_addressed: Count
    objection_share: Share | None
    topics: list[TopicKpi]
    discovery_count: Count
    discovery_share: Share | None
    motive_found: bool | None
    goal: GoalKpi | None
    compliance: list[ComplianceKpi]
    judged: list[JudgedKpi] = Field(
        default_factory=list, description="Added after compute_kpis, when the rubric has criteria of kind judge."
    )
    evidence: dict[str, list[Citation]] = Field(
        description="By measure, or `phrase:<id>`, `objection:<tag>` and so on."
    )


class PartScore(_Shape):
    """One KPI of a criterion that has several."""

    measure: str
    value: float | None
    unit: str
    share: Share | None
    why: str


class ComputedCriterion(_Shape):
    """What a criterion earned before a person overrode it."""

    weight: Annotated[float, Field(ge=0, le=100)]
    share: Share | None
    points: Annotated[float, Field(ge=0, le=100)] | None


class ComputedScore(_Shape):
    """The score before people overrode criteria or lifted caps."""

    total: Annotated[float, Field(ge=0, le=100)] | None
    uncapped: Annotated[float, Field(ge=0, le=100)] | None
    passed: bool | None
    abstained: bool
    capped_by: str | None


class CriterionScore(_Shape):
    """One line of the breakdown: points = weight x share. Points are null when the criterion was left out."""

    id: str
    label: str
    kind: Literal["kpi", "phrase", "objection", "topic", "goal", "compliance", "judge"]
    rubric_weight: Annotated[float, Field(gt=0)] = Field(description="As the rubric says it.")
    weight: Annotated[float, Field(ge=0, le=100)] = Field(description="Of 100, among the criteria that were judged.")
    share: Share | None
    points: Annotated[float, Field(ge=0, le=100)] | None
    measure: str | None = None
    value: float | None
    unit: str | None
    why: str
    parts: list[PartScore] = Field(default_factory=list)
    evidence: list[Citation]
    computed: ComputedCriterion | None = Field(default=None, description="When a person overrode it.")


class Score(_Shape):
    """The result of `compute_score`."""

    total: Annotated[float, Field(ge=0, le=100)] | None
    uncapped: Annotated[float, Field(ge=0, le=100)] | None = Field(description="The sum of points before a cap.")
    abstained: bool
    abstained_why: str | None
    passed: bool | None
    pass_mark: Annotated[float, Field(ge=0, le=100)]
    capped_by: str | None = Field(description="The gate that lowered the total.")
    gate: str | None = Field(description="The lowest gate that closed, whether or not it lowered the total.")
    rubric_version: int | None
    criteria: list[CriterionScore]
    lifted: list[str] = Field(default_factory=list, description="Gates that closed and that a person lifted.")
    computed: ComputedScore | None = Field(default=None, description="When a person overrode something.")


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas published under docs/reference/schemas/, by file name without ending."""
    from parley.scenarios.rubric import rubric_schema

    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        "transcript": draft | Transcript.json_schema(),
        "kpis": draft | Kpis.model_json_schema(),
        "score": draft | Score.model_json_schema(),
        "rubric": rubric_schema(),
    }
