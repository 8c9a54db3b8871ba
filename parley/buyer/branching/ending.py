"""What is hidden, how long the buyer puts up with the call, and how it is won or lost."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from parley.buyer.branching.lines import Clause, Line, Lines, Part, Phrase, Phrases, Slug


class Motive(Part):
    """What the buyer hides until good discovery questions bring it out."""

    label: str = Field(
        description="The motive in a few words, for people.", examples=["was re-priced at closing, wants certainty"]
    )
    says: Lines = Field(
        description="How the buyer tells it, in variants.",
        examples=[["Honestly? In twenty twenty-one my lender changed the rate at the closing table."]],
    )
    gist: list[Clause] = Field(
        default_factory=list,
        description="The motive as a bare clause, for when it is asked again.",
        examples=[["I got burned at the closing table once"]],
    )
    needs: int = Field(default=3, ge=0, description="How many discovery topics must have been asked.", examples=[3])
    cues: list[Phrase] = Field(
        default_factory=list,
        description="Questions that bring it out, beyond the topics marked `opens_motive`.",
        examples=[["what matters most to you", "what would make this a success"]],
    )


class Patience(Part):
    """How much the buyer puts up with."""

    start: int = Field(default=10, ge=1, le=100, description="Points at the start of the call.", examples=[10])
    costs: dict[str, int] = Field(
        default_factory=dict,
        description="Points lost by cause, over the common costs: fallback, repeated, interrupted, monologue, "
        "dodged, pressured, rude, odd, unheard, early_close.",
        examples=[{"interrupted": 2, "dodged": 2}],
    )
    warnings: Lines = Field(
        description="What the buyer says when patience runs low.", examples=[["I don't have all day."]]
    )
    gone: Lines = Field(
        description="What the buyer says when it is gone, and hangs up.",
        examples=[["You know what, this isn't working. Goodbye."]],
    )

    @model_validator(mode="after")
    def _known_costs(self) -> Self:
        unknown = sorted(set(self.costs) - set(COMMON_COSTS))
        if unknown:
            raise ValueError(f"unknown patience costs {unknown}; use {', '.join(COMMON_COSTS)}")
        return self

    def cost(self, cause: str) -> int:
        """Points lost for `cause`: the scenario's own, else the common one."""
        return self.costs.get(cause, COMMON_COSTS[cause])


COMMON_COSTS: dict[str, int] = {
    "fallback": 1,
    "repeated": 1,
    "interrupted": 1,
    "monologue": 1,
    "dodged": 2,
    "pressured": 3,
    "rude": 4,
    "odd": 2,
    "unheard": 0,
    "early_close": 1,
}
"""What each cause costs unless the scenario says otherwise, in points of patience."""


class Outcome(Part):
    """Another outcome at which the call is won, under the same conditions."""

    goal: Slug = Field(description="The call outcome.", examples=["callback_set"])
    label: str = Field(
        description="The outcome in a few words, for people.", examples=["callback with a day and a time"]
    )
    ask: Phrases = Field(
        description="How a rep proposes it.", examples=[["can I call you back", "when may I call you again"]]
    )
    accept: Lines = Field(description="The buyer agrees.", examples=[["Alright. Call me then."]])
    goodbye: list[Line] = Field(
        default_factory=list,
        description="Ends the call after it, where the common goodbye does not fit.",
        examples=[["Talk to you then. Bye."]],
    )


class Closing(Part):
    """How the call is won, and how it ends."""

    goal: Slug = Field(description="The call outcome that is the goal.", examples=["application_started"])
    label: str = Field(description="The goal in a few words, for people.", examples=["application started"])
    ask: Phrases = Field(
        description="How a rep proposes the goal.",
        examples=[["let's start the application", "can we book a time to compare loan estimates"]],
    )
    needs_objections: int = Field(
        default=0,
        ge=0,
        description="How many of the objections raised must have been explored or answered first.",
        examples=[1],
    )
    needs_topics: int = Field(
        default=0, ge=0, description="How many discovery topics must have been asked first.", examples=[3]
    )
    needs_date: bool = Field(default=True, description="The proposal must name a day or a time.", examples=[True])
    accept: Lines = Field(description="The buyer agrees.", examples=[["Okay. Tomorrow works. Let's do it."]])
    when: Lines = Field(
        default_factory=lambda: ["Sure, maybe. When exactly?", "I could do that. What day are you thinking?"],
        description="The buyer likes it, but no day was named.",
        examples=[["I could do that. What day?"]],
    )
    hesitate: Lines = Field(
        description="Too early: something is still open.", examples=[["I'm not there yet. You haven't told me enough."]]
    )
    refuse: Lines = Field(
        description="The buyer says no after being pushed.", examples=[["No. I'm not going to do that today."]]
    )
    goodbye: Lines = Field(
        description="Ends the call in good order.", examples=[["Thanks. Talk to you tomorrow. Bye."]]
    )
    others: list[Outcome] = Field(
        default_factory=list,
        description="Outcomes that win the call as well, the better ones first; see Outcome.",
        examples=[[]],
    )

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        names = self.goals
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"closing has the outcome {twice[0]!r} more than once; give each its own name")
        return self

    @property
    def goals(self) -> list[str]:
        """Every outcome that wins the call, the one that is hoped for first."""
        return [self.goal, *(outcome.goal for outcome in self.others)]

    def lines(self, kind: str, goal: str) -> list[str]:
        """What the buyer says at `kind` (accept, when, hesitate, refuse, goodbye) when it is about this outcome."""
        outcome = next((outcome for outcome in self.others if outcome.goal == goal), None)
        own: list[str] = getattr(outcome, kind, [])
        return own or getattr(self, kind)


class Hurry(Part):
    """The buyer's own clock."""

    after_s: float = Field(gt=0, description="Seconds from call start.", examples=[480.0])
    says: Lines = Field(description="Said once, at the next quiet moment.", examples=[["I've got about two minutes."]])
