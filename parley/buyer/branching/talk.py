"""What a buyer can be asked and told: small talk, topics, remarks."""

from __future__ import annotations

from pydantic import Field

from parley.buyer.branching.lines import Clause, Lines, Part, Phrase, Phrases, Slug


class SmallTalk(Part):
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


class Topic(Part):
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
    gist: list[Clause] = Field(
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


class Remark(Part):
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
