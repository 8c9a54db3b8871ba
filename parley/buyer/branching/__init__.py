"""The branching of a scenario: what the buyer can be asked, objects to, hides, and how the call closes.

One format for both buyers: the scripted buyer speaks these lines, the LLM buyer is led by them.
Written for the ear: plain spoken sentences, a short first clause, numbers in words.
`docs/reference/branching.md` explains each field; `docs/reference/schemas/branching.json` is its schema.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from parley.buyer.branching.ending import COMMON_COSTS, Closing, Hurry, Motive, Outcome, Patience
from parley.buyer.branching.lines import Line, Lines, Part, Phrase, Phrases, Slug
from parley.buyer.branching.objections import Objection, Outcomes, Resolve, Trigger
from parley.buyer.branching.talk import Remark, SmallTalk, Topic

__all__ = [
    "COMMON_COSTS",
    "Branching",
    "Closing",
    "Hurry",
    "Line",
    "Lines",
    "Motive",
    "Objection",
    "Outcome",
    "Outcomes",
    "Patience",
    "Phrase",
    "Phrases",
    "Remark",
    "Resolve",
    "Slug",
    "SmallTalk",
    "Topic",
    "Trigger",
    "branching_schema",
]


class Branching(Part):
    """All that a buyer may be asked, object to, hide and agree to in one scenario."""

    opening: Lines = Field(
        description="The first words of the call, in variants; the seed picks one.",
        examples=[["Hi, this is Marcus. I'm just calling around for rates."]],
    )
    small_talk: list[SmallTalk] = Field(
        default_factory=list,
        description="Courtesies in this buyer's own words.",
        examples=[[{"id": "how-are-you", "says": ["Busy, but fine. You?"]}]],
    )
    topics: list[Topic] = Field(
        min_length=1,
        description="What the buyer can be asked about.",
        examples=[
            [
                {
                    "id": "loan-amount",
                    "label": "loan amount",
                    "ask": ["how much are you borrowing"],
                    "says": ["Three hundred forty thousand."],
                }
            ]
        ],
    )
    remarks: list[Remark] = Field(
        default_factory=list,
        description="What the rep may state, with the buyer's reaction.",
        examples=[
            [{"id": "lock", "label": "explains the lock", "hear": ["a lock holds the rate"], "says": ["Good to know."]}]
        ],
    )
    objections: list[Objection] = Field(
        default_factory=list, description="Reasons not to go on; see Objection.", examples=[[]]
    )
    motive: Motive = Field(
        description="What is hidden; see Motive.",
        examples=[{"label": "wants certainty", "says": ["I got burned once."], "needs": 3}],
    )
    patience: Patience = Field(
        description="How much the buyer puts up with; see Patience.",
        examples=[{"start": 10, "warnings": ["I don't have all day."], "gone": ["We're done. Bye."]}],
    )
    closing: Closing = Field(
        description="How the call is won; see Closing.",
        examples=[
            {
                "goal": "application_started",
                "label": "application started",
                "ask": ["let's start the application"],
                "accept": ["Okay."],
                "hesitate": ["Not yet."],
                "refuse": ["No."],
                "goodbye": ["Bye."],
            }
        ],
    )
    carry_on: Lines = Field(
        description="What the buyer says or asks to keep the call moving when there is nothing to answer.",
        examples=[["So what do you need from me?"]],
    )
    silence: Lines = Field(
        description="After a silence; the last one of the call is followed by a goodbye.",
        examples=[["Hello? Are you still there?"]],
    )
    interrupted: Lines = Field(
        description="The rep took the floor while the buyer spoke.", examples=[["Sorry, go ahead."]]
    )
    fallback: Lines = Field(
        description="The buyer did not follow; `{words}` becomes the rep's own words.",
        examples=[["You said {words}. I'm not sure what that means for me."]],
    )
    hurry: Hurry | None = Field(
        default=None,
        description="The buyer's own clock; see Hurry.",
        examples=[{"after_s": 480, "says": ["I have to run in two minutes."]}],
    )
    synonyms: list[Phrases] = Field(
        default_factory=list,
        description="Words that mean the same in this scenario, over the common ones.",
        examples=[[["realtor", "agent", "broker"]]],
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _no_twice("topics", [t.id for t in self.topics])
        _no_twice("remarks", [r.id for r in self.remarks])
        _no_twice("small_talk", [s.id for s in self.small_talk])
        _no_twice("objections", [o.tag for o in self.objections])
        bare = [line for line in self.fallback if "{words}" not in line]
        if bare:
            raise ValueError(f"the fallback line {bare[0]!r} must name the rep's words with {{words}}")
        discovery = sum(t.discovery for t in self.topics)
        if self.motive.needs > discovery:
            raise ValueError(
                f"motive.needs={self.motive.needs}, but only {discovery} topics are marked discovery: true"
            )
        if self.closing.needs_topics > discovery:
            raise ValueError(
                f"closing.needs_topics={self.closing.needs_topics}, but only {discovery} topics are discovery: true"
            )
        if not self.motive.cues and not any(t.opens_motive for t in self.topics):
            raise ValueError("nothing brings out the motive; give motive.cues or mark a topic opens_motive: true")
        known = {t.id for t in self.topics}
        for o in self.objections:
            for name in sorted(set(o.resolve.topics) - known):
                raise ValueError(f"resolve.topics of objection {o.tag!r} names {name!r}, which topics does not have")
        if self.closing.needs_objections > len(self.objections):
            raise ValueError(
                f"closing.needs_objections={self.closing.needs_objections}, "
                f"but the scenario has {len(self.objections)} objections"
            )
        return self


def _no_twice(field: str, ids: list[str]) -> None:
    for name in sorted(set(ids)):
        if ids.count(name) > 1:
            raise ValueError(f"{field} has {name!r} more than once; give each its own name")


def branching_schema() -> dict[str, Any]:
    """The JSON Schema of the branching format, as published under docs/reference/schemas/."""
    schema = Branching.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
