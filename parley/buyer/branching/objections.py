"""Objections: when one comes up, what settles it, and what the buyer says for each outcome."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from parley.buyer.branching.lines import Line, Lines, Part, Phrase, Phrases, Slug


class Trigger(Part):
    """When an objection may come up; any one that is set is enough."""

    after_turn: int | None = Field(
        default=None,
        ge=2,
        description="From the buyer's n-th turn on (the opening is the first), at the next quiet moment.",
        examples=[3],
    )
    words: list[Phrase] = Field(
        default_factory=list, description="When the rep says one of these.", examples=[["pull your credit"]]
    )
    silence_s: float | None = Field(
        default=None, gt=0, description="When nobody has spoken for so many seconds.", examples=[6.0]
    )

    @model_validator(mode="after")
    def _can_happen(self) -> Self:
        if self.after_turn is None and not self.words and self.silence_s is None:
            raise ValueError("a trigger needs after_turn, words or silence_s, or the objection is never raised")
        return self


class Resolve(Part):
    """What settles an objection."""

    explore: Phrases = Field(
        description="Questions that explore the objection before answering it.",
        examples=[["is that the same lock period", "are there points in that quote"]],
    )
    answer: list[Phrases] = Field(
        min_length=1,
        description="The ideas a good answer carries; each inner list holds alternatives for one idea.",
        examples=[[["same day same lock same points"], ["send me the loan estimate"]]],
    )
    answer_needed: int = Field(default=1, ge=1, description="How many of the ideas are enough.", examples=[1])
    acknowledge: list[Phrase] = Field(
        default_factory=list,
        description="Scenario-specific ways to show that the objection was understood; the rubric knows common ones.",
        examples=[["getting burned once is enough"]],
    )
    topics: list[Slug] = Field(
        default_factory=list,
        description="Topics on which a question explores the objection too, over those that `explore` asks about.",
        examples=[["rival-points", "time-horizon"]],
    )
    confirm: list[Phrase] = Field(
        default_factory=list,
        description="Scenario-specific ways to check that it is settled; the rubric knows common ones.",
        examples=[["does that settle the credit question"]],
    )

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.answer_needed > len(self.answer):
            raise ValueError(
                f"answer_needed={self.answer_needed} can never be met with {len(self.answer)} ideas in answer"
            )
        return self


class Outcomes(Part):
    """What the buyer says next, by how the rep took the objection."""

    explored: Lines = Field(
        description="The rep asked before answering: the buyer says more.",
        examples=[["Good question. It is a thirty day lock, with one point in it."]],
    )
    answered: Lines = Field(
        description="The answer settled it.", examples=[["Okay. That is a fair comparison. I can do that."]]
    )
    dodged: Lines = Field(
        description="The rep passed over it.", examples=[["You went right past my question about the rate."]]
    )
    pressured: Lines = Field(
        description="The rep pushed instead of answering.", examples=[["Easy. Pushing me is not going to work."]]
    )


class Objection(Part):
    """A reason not to go on, raised at a natural moment."""

    tag: Slug = Field(description="Name of the objection, also used in tags.", examples=["rate-too-high"])
    label: str = Field(description="The objection in a few words, for people.", examples=["another lender is cheaper"])
    lines: Annotated[list[Line], Field(min_length=2)] = Field(
        description="How the buyer raises it, in variants.",
        examples=[["Hold on. I've got another lender at six point one two five.", "Your rate is too high."]],
    )
    trigger: Trigger = Field(description="When it may come up.", examples=[{"after_turn": 4}])
    resolve: Resolve = Field(
        description="What settles it.",
        examples=[{"explore": ["does that include points"], "answer": [["same day comparison"]], "answer_needed": 1}],
    )
    outcomes: Outcomes = Field(
        description="What the buyer says next.",
        examples=[{"explored": ["One point."], "answered": ["Okay."], "dodged": ["And?"], "pressured": ["Easy."]}],
    )
    optional: bool = Field(
        default=False, description="The seed may leave it out, so that calls differ.", examples=[False]
    )
    ends_call: bool = Field(
        default=False,
        description="Once it is answered the buyer says goodbye and hangs up, as after `take me off the list`.",
        examples=[False],
    )
