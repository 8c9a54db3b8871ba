"""The branching of a scenario: what the buyer can be asked, objects to, hides, and how the call closes.

One format for both buyers: the scripted buyer speaks these lines, the LLM buyer is led by them.
Written for the ear: plain spoken sentences, a short first clause, numbers in words.
`docs/reference/branching.md` explains each field; `docs/reference/schemas/branching.json` is the schema of this module.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

_SLUG = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=60)]
"""A name for machines: lower case, digits, `-` and `_`."""

_SENTENCE_END = re.compile(r"[.!?…][\"')\]]?$")


def _spoken(line: str) -> str:
    text = " ".join(line.split())
    if not text:
        raise ValueError("a spoken line is empty; remove it or write what the buyer says")
    if not _SENTENCE_END.search(text):
        raise ValueError(f"the spoken line {text!r} must end with a full stop, a question mark or an exclamation mark")
    return text


def _heard(phrase: str) -> str:
    text = " ".join(phrase.split())
    if not text:
        raise ValueError("a phrase to listen for is empty; remove it or write how a rep would say it")
    return text


Line = Annotated[str, AfterValidator(_spoken)]
"""One thing the buyer may say: one to four sentences, each ended by a mark."""

Phrase = Annotated[str, AfterValidator(_heard)]
"""One way in which a rep may put it; matched by stems, synonyms and numbers, not letter by letter."""

Lines = Annotated[list[Line], Field(min_length=1)]
Phrases = Annotated[list[Phrase], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SmallTalk(_Part):
    """Courtesies and housekeeping of a call: greetings, thanks, who is calling, the recording notice, a bad line."""

    id: Slug = Field(
        description="Name of the exchange. An id of the common set adds to its phrases and replaces its lines.",
        examples=["greeting", "how-are-you", "identity", "recording"],
    )
    hear: list[Phrase] = Field(
        default_factory=list,
        description="How a rep puts it, beyond what the common set already knows.",
        examples=[["this call is recorded for training"]],
    )
    says: Lines = Field(
        description="What the buyer answers, in variants.",
        examples=[["That's fine. Recorded is fine with me.", "Sure. I have nothing to hide."]],
    )


class Topic(_Part):
    """One thing the buyer can be asked about."""

    id: Slug = Field(description="Name of the topic, also used in tags.", examples=["closing-date"])
    label: str = Field(description="The topic in a few words, for people.", examples=["closing date"])
    ask: Phrases = Field(
        description="How a rep asks for it; five or more different ways work best.",
        examples=[["when do you close", "what is your closing date", "how soon do you need the money"]],
    )
    says: Lines = Field(
        description="What the buyer answers, in variants that carry the same facts.",
        examples=[["Thirty-one days. The contract says the end of next month.", "We close in thirty-one days."]],
    )
    gist: list[Annotated[str, AfterValidator(_heard)]] = Field(
        default_factory=list,
        description="The answer as a bare clause without a full stop, for `Like I said, …` when it is asked again.",
        examples=[["we close in thirty-one days"]],
    )
    discovery: bool = Field(
        default=False, description="Asking it is good discovery and counts towards the motive.", examples=[True]
    )
    opens_motive: bool = Field(
        default=False,
        description="Asked after enough discovery, it brings out the motive; before that `says` is the guarded answer.",
        examples=[False],
    )


class Remark(_Part):
    """Something the rep states or explains that deserves a natural, short reaction."""

    id: Slug = Field(description="Name of the remark, also used in tags.", examples=["rate-quoted"])
    label: str = Field(description="The remark in a few words, for people.", examples=["quotes a rate with APR"])
    hear: Phrases = Field(
        description="How a rep puts it.",
        examples=[["the rate today is six point five and the APR is six point six"]],
    )
    says: Lines = Field(
        description="The buyer's reaction, in variants.", examples=[["Okay. That is not the lowest I've heard."]]
    )


class Trigger(_Part):
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


class Resolve(_Part):
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


class Outcomes(_Part):
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


class Objection(_Part):
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


class Motive(_Part):
    """What the buyer hides until good discovery questions bring it out."""

    label: str = Field(
        description="The motive in a few words, for people.", examples=["was re-priced at closing, wants certainty"]
    )
    says: Lines = Field(
        description="How the buyer tells it, in variants.",
        examples=[["Honestly? In twenty twenty-one my lender changed the rate at the closing table."]],
    )
    gist: list[Annotated[str, AfterValidator(_heard)]] = Field(
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


class Patience(_Part):
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


class Closing(_Part):
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


class Hurry(_Part):
    """The buyer's own clock."""

    after_s: float = Field(gt=0, description="Seconds from call start.", examples=[480.0])
    says: Lines = Field(description="Said once, at the next quiet moment.", examples=[["I've got about two minutes."]])


class Branching(_Part):
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
