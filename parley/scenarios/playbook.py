"""The playbook of a scenario: what a well-prepared rep, and a coach, would say in this call.

Simulated reps speak these lines, and the exemplar call is made of them. They are written from the scenario's brief as a
rep knows it, in words of their own: a line copied from what the rubric or the buyer listens for proves nothing.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from parley.buyer.branching.lines import Line, Lines, Part, Phrase, Slug

Wordings = Annotated[list[Line], Field(min_length=2)]
"""The same thing said in different words. Paraphrased reps speak the second half of the list."""

SLIPS = r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$"


class Introduction(Part):
    """How the rep opens. A good rep says all of it, a poor one the name at most."""

    who: Wordings = Field(
        description="Name and company, and why the rep calls if the rep is the caller.",
        examples=[["Good morning, Dana Reyes here from Northgate Home Loans."]],
    )
    licence: list[Line] = Field(
        default_factory=list,
        description="Licence or registration, where the trade has one.",
        examples=[["You can look me up under N M L S four one two zero seven."]],
    )
    recording: list[Line] = Field(
        default_factory=list,
        description="Notice of recording.",
        examples=[["Quick heads-up, we tape our calls for training."]],
    )
    permission: Wordings = Field(
        description="What the call is for, and whether questions are welcome.",
        examples=[["So that I give you a real number, would a handful of questions be alright first?"]],
    )


class Question(Part):
    """One thing that a good rep asks."""

    topic: Slug = Field(
        description="The branching topic that it is about. For the author's check alone; a rep never sees it.",
        examples=["closing-date"],
    )
    ask: Wordings = Field(
        description="How a good rep asks, open and specific.",
        examples=[["What does your calendar look like from here to the keys?"]],
    )
    weak: Lines = Field(
        description="How a weak rep puts it: closed, leading, or telling instead of asking.",
        examples=[["So you're in a hurry, right?"]],
    )


class Deeper(Part):
    """How a good rep finds what is really behind the call, and what the rep says on hearing it."""

    ask: Wordings = Field(
        description="Questions that dig deeper once the facts are known.",
        examples=[["You keep coming back to the final number. What's behind that?"]],
    )
    answer: Wordings = Field(
        description="What the rep says when the buyer has told it.",
        examples=[["Thank you for telling me. Then everything that I promise you comes on paper, before you sign."]],
    )


class Handling(Part):
    """What the rep knows about one objection."""

    acknowledge: Wordings = Field(
        description="Shows that it was heard, without giving in.", examples=[["I'd look at that one too."]]
    )
    explore: Wordings = Field(
        description="A question that finds out more before any answer.",
        examples=[["What would you have to pay up front to get it?"]],
    )
    answer: Wordings = Field(
        description="A complete answer with the scenario's facts.",
        examples=[["Their point costs thirty-four hundred and saves fifty-five a month, so it needs five years."]],
    )
    confirm: Wordings = Field(
        description="Checks that it is settled.", examples=[["Where does that leave you on the other quote?"]]
    )
    weak: Lines = Field(
        description="How a weak rep brushes it off or pushes.", examples=[["Trust me, our rate is fine."]]
    )


class Statement(Part):
    """Something that the buyer must be told: a number with its disclosure, a rule, how things go from here."""

    id: Slug = Field(description="Name of the statement.", examples=["rate"])
    asked: list[Phrase] = Field(
        default_factory=list,
        description="Words in the buyer's mouth that call for it; a good rep then says it at once. Without them it is "
        "said before the close.",
        examples=[["your rate", "thirty-year"]],
    )
    say: Wordings = Field(
        description="Complete and correct.",
        examples=[["For your file it's six and three eighths, with an A P R of six point five two, no points."]],
    )
    careless: list[Line] = Field(
        default_factory=list,
        description="What a careless rep says instead, with the important part left out.",
        examples=[["We're at six point three seven five today."]],
    )


class OtherEnding(Part):
    """How the rep ends the call at another of its outcomes."""

    propose: Wordings = Field(
        description="The outcome as a proposal with a day and a time.",
        examples=[["Would you rather talk it over at home, and I ring you on Friday at six?"]],
    )
    wrap: Wordings = Field(
        description="What the rep says after the yes, with a goodbye.",
        examples=[["Friday at six it is. Goodbye till then."]],
    )


class Ending(Part):
    """How the rep ends the call."""

    propose: Wordings = Field(
        description="The scenario's goal as a proposal with a day and a time.",
        examples=[["How about we fill in the application now and go over both estimates tomorrow at ten?"]],
    )
    weak: Lines = Field(
        description="A vague ending without proposal or date.", examples=[["Well, think about it and call me."]]
    )
    wrap: Wordings = Field(
        description="What the rep says after the yes, with a goodbye.",
        examples=[["Great. You'll have the link in five minutes. Until tomorrow, bye."]],
    )
    others: dict[Slug, OtherEnding] = Field(
        default_factory=dict,
        description="By outcome of branching.closing.others; what a good rep falls back on. See OtherEnding.",
        examples=[{}],
    )


class Slip(Part):
    """A breach of a rule, as a careless rep would commit it."""

    check: str = Field(
        pattern=SLIPS,
        max_length=60,
        description="The rule that it breaks, such as C09 or the id of a `must_not`. For the author's check alone.",
        examples=["C09"],
    )
    say: Lines = Field(description="The words.", examples=[["With your score I guarantee you'll get this."]])


class Playbook(Part):
    """What a well-prepared rep knows for this call."""

    introduction: Introduction = Field(
        description="How the call is opened; see Introduction.",
        examples=[
            {"who": ["Good morning, Dana Reyes from Northgate."], "permission": ["May I start with a question?"]}
        ],
    )
    questions: Annotated[list[Question], Field(min_length=3)] = Field(
        description="One entry for each discovery topic, the most useful first; see Question.",
        examples=[
            [{"topic": "closing-date", "ask": ["When do you get the keys?"], "weak": ["You close soon, right?"]}]
        ],
    )
    motive: Deeper = Field(
        description="What digs deeper; see Deeper.",
        examples=[{"ask": ["What's behind that?"], "answer": ["Thank you for telling me."]}],
    )
    objections: dict[Slug, Handling] = Field(
        default_factory=dict, description="By the objection's tag, one for each; see Handling.", examples=[{}]
    )
    statements: list[Statement] = Field(
        default_factory=list, description="What the buyer must be told; see Statement.", examples=[[]]
    )
    close: Ending = Field(
        description="How the call ends; see Ending.",
        examples=[{"propose": ["Shall we say tomorrow at ten?"], "weak": ["Call me."], "wrap": ["Bye, then."]}],
    )
    pitch: Wordings = Field(
        description="Speeches of three sentences or more that a poor rep gives instead of asking.",
        examples=[["We've been around for twenty years. Our service is second to none. People love us."]],
    )
    slips: list[Slip] = Field(
        default_factory=list, description="Breaches of rules by careless reps; see Slip.", examples=[[]]
    )

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        for field, names in (
            ("questions", [question.topic for question in self.questions]),
            ("statements", [statement.id for statement in self.statements]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{field} has {twice[0]!r} more than once; put its lines into one entry")
        return self

    def misses(self, *, topics: set[str], objections: set[str], others: set[str]) -> str | None:
        """What does not fit a branching with these topics, objections and other outcomes, with the way out; None when
        all fits."""
        for goal in sorted(set(self.close.others) - others):
            return f"playbook.close.others names {goal!r}, which branching.closing.others does not have"
        for question in self.questions:
            if question.topic not in topics:
                return f"playbook.questions names the topic {question.topic!r}, which branching.topics does not have"
        for tag in sorted(set(self.objections) ^ objections):
            if tag in objections:
                return f"playbook.objections has nothing for {tag!r}; write how a good rep handles it"
            return f"playbook.objections names {tag!r}, which branching.objections does not have"
        return None
