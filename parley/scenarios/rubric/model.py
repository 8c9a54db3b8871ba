"""The rubric: what is measured in a call, what it weighs, what caps the score. Its JSON is published as a schema."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from parley.scenarios.compliance.check import ComplianceCheck, Id, Severity
from parley.scenarios.rubric.measures import MEASURES

Kind = Literal["kpi", "phrase", "objection", "topic", "goal", "compliance", "judge"]
Within = Literal["call", "same_answer", "opening"]
Step = Literal["listened", "acknowledged", "explored", "answered", "confirmed"]

ANCHORS = ("Absent", "Attempted", "Partly done", "Done", "Done, and tailored to the buyer's own words")
"""What 0 to 4 mean for a judged criterion that does not say it itself."""

Share = Annotated[float, Field(ge=0, le=1)]


def _sayable(phrase: str) -> str:
    text = " ".join(phrase.split())
    if not re.search(r"\w", text):
        raise ValueError(f"the phrase {phrase!r} holds no word, so nobody can say it; write the words to listen for")
    return text


Phrase = Annotated[str, AfterValidator(_sayable)]
Phrases = Annotated[list[Phrase], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Band(_Part):
    """A stretch of values that earns one share of a criterion's weight."""

    start: float = Field(alias="from", description="First value of the band.", examples=[8])
    to: float | None = Field(default=None, description="Last value; without it, up to the next band.", examples=[16])
    share: Share = Field(description="Share of the weight earned in the band.", examples=[1.0])


Bands = Annotated[list[Band], Field(min_length=1)]


class Measured(_Part):
    """One KPI and the bands it is judged by."""

    measure: str = Field(description="Name of a KPI; docs/reference/kpis.md lists them.", examples=["talk_ratio"])
    bands: Bands
    between: Literal["linear", "step"] = Field(
        default="linear", description="Between two bands the share rises in a line, or stays that of the lower band."
    )

    @model_validator(mode="after")
    def _can_be_earned(self) -> Self:
        _check_bands(self.measure, self.bands)
        return self


class Criterion(_Part):
    """One row of the scorecard."""

    id: Id = Field(examples=["discovery"])
    label: str = Field(min_length=1, examples=["Discovery breadth"])
    weight: float = Field(gt=0, description="Share of the whole; the total is normalised to 100.", examples=[20])
    kind: Kind
    measure: str | None = Field(default=None, description="The KPI, for kind `kpi`.", examples=["open_question_count"])
    bands: list[Band] = Field(default_factory=list, description="For kind `kpi`; for `topic` over the share asked.")
    between: Literal["linear", "step"] = "linear"
    parts: list[Measured] = Field(
        default_factory=list, description="For kind `kpi`: several KPIs that count alike, in place of one."
    )
    of: list[Id] = Field(
        default_factory=list,
        description="For kinds `phrase` and `compliance`: which of the rubric's; empty means all.",
        examples=[["identity", "nmls"]],
    )
    steps: list[Step] = Field(
        default_factory=list,
        description="For kind `objection`: the steps that count, alike; empty means all five as the KPI weighs them.",
    )
    anchors: Annotated[list[str], Field(max_length=5)] = Field(
        default_factory=list, description="For kind `judge`: what 0, 1, 2, 3 and 4 mean, in this order."
    )
    help: str = Field(default="", description="What a rep does to earn it.")

    @model_validator(mode="before")
    @classmethod
    def _has_anchors(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("kind") == "judge" and not data.get("anchors"):
            return {**data, "anchors": list(ANCHORS)}
        return data

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if self.kind == "kpi":
            if self.parts and self.measure:
                raise ValueError(f"criterion {self.id!r} has both measure and parts; keep one of them")
            if not self.parts and not self.measure:
                raise ValueError(f"criterion {self.id!r} of kind kpi needs measure with bands, or parts")
            if self.measure:
                _check_bands(self.measure, self.bands)
        elif self.kind == "topic" and self.bands:
            _check_bands("discovery_share", self.bands)
        elif self.measure or self.parts or self.bands:
            raise ValueError(f"criterion {self.id!r} of kind {self.kind} takes no measure, parts or bands; remove them")
        if self.of and self.kind not in ("phrase", "compliance"):
            raise ValueError(f"criterion {self.id!r} of kind {self.kind} takes no `of`; remove it")
        if self.steps and self.kind != "objection":
            raise ValueError(f"criterion {self.id!r} of kind {self.kind} takes no steps; remove them")
        if self.anchors and self.kind != "judge":
            raise ValueError(f"criterion {self.id!r} of kind {self.kind} takes no anchors; remove them")
        if self.kind == "judge" and len([a for a in self.anchors if a.strip()]) != 5:
            raise ValueError(f"criterion {self.id!r} needs five anchors, one for each of 0, 1, 2, 3 and 4")
        return self


class GateWhen(_Part):
    """What closes a gate: a compliance check that fails as severity `fail`, or a forbidden phrase said."""

    compliance: Id | None = Field(default=None, examples=["C09"])
    forbidden: Id | None = Field(default=None, examples=["guarantee"])

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.compliance is None) == (self.forbidden is None):
            raise ValueError("a gate needs exactly one of compliance and forbidden")
        return self


class Gate(_Part):
    """Something so grave that the score cannot rise above a cap."""

    id: Id = Field(examples=["no-guarantee"])
    label: str = ""
    when: GateWhen
    cap: float = Field(ge=0, lt=100, examples=[59])


class RequiredPhrase(_Part):
    """Something the rep must say. Words match by stem and in order; `…` stands for up to six other words."""

    id: Id = Field(examples=["apr-with-rate"])
    label: str
    say: Phrases = Field(examples=[["annual percentage rate", "APR"]])
    within: Within = Field(
        default="call",
        description="`opening`: the first three turns of the rep; `same_answer`: each answer in which `when` happens.",
    )
    when: str | None = Field(
        default=None,
        pattern=r"^(rate_mentioned|objection:[a-z0-9]+(?:[-_][a-z0-9]+)*)$",
        description="Only asked for when the rep names a rate (`rate_mentioned`) or an objection came up.",
        examples=["rate_mentioned"],
    )


class ForbiddenPhrase(_Part):
    """Something the rep must not say. A negation before it in the same clause excuses it."""

    id: Id = Field(examples=["guarantee"])
    label: str
    say: Phrases = Field(examples=[["guaranteed", "you are approved"]])
    unless: list[Phrase] = Field(default_factory=list, description="Words in the same sentence that excuse it.")
    questions: bool = Field(default=True, description="Counts in questions too; a guarantee asked about is none.")
    severity: Severity = "fail"


class RubricObjection(_Part):
    """What settles an objection; judged in five steps: listened, acknowledged, explored, answered, confirmed."""

    tag: Id = Field(examples=["rate-too-high"])
    label: str
    heard: Phrases = Field(description="How the buyer puts it, for transcripts without the buyer's tags.")
    acknowledge: list[Phrase] = Field(default_factory=list, description="Over the rubric's common ones.")
    explore: list[Phrase] = Field(default_factory=list, description="Questions that count over any other question.")
    answer: list[Phrases] = Field(min_length=1, description="The ideas of a good answer, each in alternatives.")
    answer_needed: int = Field(default=1, ge=1)
    confirm: list[Phrase] = Field(default_factory=list, description="Over the rubric's common ones.")
    topics: list[Id] = Field(
        default_factory=list, description="Topics that it is about: a question on one of them explores it, too."
    )

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.answer_needed > len(self.answer):
            raise ValueError(
                f"answer_needed={self.answer_needed} of objection {self.tag!r} can never be met "
                f"with {len(self.answer)} ideas in answer"
            )
        return self


class RubricTopic(_Part):
    """One thing to ask the buyer about."""

    id: Id = Field(examples=["time-horizon"])
    label: str
    ask: Phrases
    discovery: bool = Field(default=False, description="Counts as discovery.")


class RubricMotive(_Part):
    """What the buyer hides; `heard` finds it in transcripts without the buyer's tags."""

    label: str
    heard: Phrases


class RubricOutcome(_Part):
    """Another outcome at which the goal counts as reached."""

    id: Id = Field(examples=["callback_set"])
    label: str
    ask: Phrases = Field(description="How a rep proposes it.")
    accept: list[Phrase] = Field(default_factory=list, description="How the buyer agrees, over a plain yes.")


class RubricGoal(_Part):
    """The outcome the rep is after."""

    id: Id = Field(examples=["application_started"])
    label: str
    ask: Phrases = Field(description="How a rep proposes it.")
    accept: list[Phrase] = Field(default_factory=list, description="How the buyer agrees, over a plain yes.")
    needs_date: bool = Field(default=True, description="A day or a time must be named for full marks.")
    others: list[RubricOutcome] = Field(
        default_factory=list, description="Outcomes that count as much; `ask` and `accept` above are of the first."
    )


class Filler(_Part):
    """A filler word or phrase and how much it weighs."""

    say: Phrase = Field(examples=["you know"])
    weight: float = Field(default=1.0, gt=0, le=5)
    pause: bool = Field(default=False, description="Counts only before a comma or a pause, as `like` does.")
    not_after: list[str] = Field(default_factory=list, description="No filler right after one of these words.")
    not_before: list[str] = Field(default_factory=list, description="No filler right before one of these words.")


class CommonPhrases(_Part):
    """Phrases that hold for every objection of the rubric."""

    acknowledge: list[Phrase] = Field(default_factory=list)
    confirm: list[Phrase] = Field(default_factory=list)
    accept: list[Phrase] = Field(default_factory=list)


class PackUsed(_Part):
    """The rule pack that the checks come from; an approval names the same id and version."""

    id: Id = Field(examples=["mortgage"])
    version: int = Field(ge=1)
    title: str


class LenderFigures(_Part):
    """The organisation's dated figures as they stood when the call began."""

    as_of: date
    rates: list[float] = Field(
        default_factory=list, description="Note rates of the sheet, in percent.", examples=[[6.375]]
    )
    limits: list[float] = Field(default_factory=list, description="Loan limits, in dollars.", examples=[[832750]])


class OwnBand(_Part):
    """What an organisation takes for good and for fair in one KPI; outside of fair nothing is earned."""

    good: tuple[float, float] = Field(examples=[[0.4, 0.55]])
    fair: tuple[float, float] = Field(examples=[[0.3, 0.7]])


class Rubric(_Part):
    """A compiled rubric, as it is frozen on an attempt and read by compute_kpis and compute_score."""

    version: int = Field(ge=1, examples=[3])
    title: str = Field(examples=["Mortgage default"])
    pass_mark: float = Field(ge=0, le=100, examples=[75])
    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=20)]
    gates: list[Gate] = Field(default_factory=list)
    phrases: list[RequiredPhrase] = Field(default_factory=list)
    forbidden: list[ForbiddenPhrase] = Field(default_factory=list)
    objections: list[RubricObjection] = Field(default_factory=list)
    topics: list[RubricTopic] = Field(default_factory=list)
    motive: RubricMotive | None = None
    goal: RubricGoal | None = None
    compliance: list[ComplianceCheck] = Field(default_factory=list)
    compliance_pack: PackUsed | None = None
    lender: LenderFigures | None = Field(default=None, description="Frozen when a call begins.")
    organisation_bands: list[str] = Field(
        default_factory=list,
        description="KPIs for which the organisation's own bands take the place of this rubric's, where it has any.",
        examples=[["talk_ratio"]],
    )
    kpi_bands: dict[str, OwnBand] = Field(
        default_factory=dict, description="The organisation's own bands by KPI. Frozen when a call begins."
    )
    common: CommonPhrases = CommonPhrases()
    fillers: list[Filler] = Field(default_factory=list, description="In place of Parley's own list, when given.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        from parley.scenarios.rubric.checks import check_whole

        check_whole(self)
        return self

    def as_json(self) -> dict[str, Any]:
        """The published form: plain JSON with `from` and `to` in bands."""
        return self.model_dump(mode="json", by_alias=True)


def _check_bands(measure: str, bands: list[Band]) -> None:
    if measure not in MEASURES:
        raise ValueError(f"measure {measure!r} is unknown; use one of {', '.join(MEASURES)}")
    if not bands:
        raise ValueError(f"measure {measure!r} has no bands; say from which value full marks are earned")
    for band in bands:
        if band.to is not None and band.to < band.start:
            raise ValueError(f"bands of {measure!r}: to={band.to:g} lies below from={band.start:g}")
    for before, after in pairwise(bands):
        if after.start <= (before.start if before.to is None else before.to):
            raise ValueError(f"bands of {measure!r}: from={after.start:g} does not lie above the band before it")
    low, high = MEASURES[measure].range
    full = [band for band in bands if band.share == 1]
    if not any(band.start <= high and (band.to is None or band.to >= low) for band in full):
        raise ValueError(f"bands of {measure!r} can never give full marks; let one reachable band have share 1.0")
