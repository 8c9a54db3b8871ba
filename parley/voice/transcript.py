"""The transcript of a call while it grows: what the rep said, what the buyer was heard to say."""

from __future__ import annotations

from dataclasses import dataclass, field

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from parley.buyer.protocol import EndReason, RepTurn
from parley.voice.contracts import Utterance
from parley.voice.turns import words_heard

UNCLEAR_BELOW = 0.6
"""Of the words heard with less confidence every other one may be wrong (benchmarks/bench_fillers.py)."""
LEAST_UNCLEAR_S = 1.0
"""A mumbled `mm` holds no phrase that could be missing."""


@dataclass
class Clause:
    """A piece of the buyer's reply with its sound: `start_s` is when its first sample was heard."""

    text: str
    seconds: float
    start_s: float | None = None


@dataclass
class Reply:
    """What the buyer says in one go, as it is played."""

    id: int
    turn: RepTurn | None = None
    i: int | None = None
    clauses: list[Clause] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    started_s: float | None = None
    made_s: float = 0.0
    all_made: bool = False
    closed: bool = False
    ends_call: EndReason | None = None

    @property
    def text(self) -> str:
        return " ".join(c.text for c in self.clauses)

    def text_heard(self, at_s: float) -> str:
        """The words that had been heard at `at_s`."""
        heard = []
        for clause in self.clauses:
            if clause.start_s is None or at_s <= clause.start_s:
                break
            heard.append(words_heard(clause.text, (at_s - clause.start_s) / max(0.01, clause.seconds)))
        return " ".join(part for part in heard if part)


class Transcript:
    """Utterances by number. Numbers are given as speech begins, so they follow the order of the conversation."""

    def __init__(self, history: list[Utterance] | None = None) -> None:
        self._by_i = {u.i: u for u in history or []}
        self._next = max(self._by_i, default=-1) + 1

    def new_i(self) -> int:
        self._next += 1
        return self._next - 1

    def put(self, utterance: Utterance) -> None:
        self._by_i[utterance.i] = utterance

    def get(self, i: int) -> Utterance:
        return self._by_i[i]

    def __contains__(self, i: int) -> bool:
        return i in self._by_i

    def of_record(self) -> list[Utterance]:
        """All utterances with words, by start and then rep first, numbered from 0, each with its sentiment."""
        said = [u for u in self._by_i.values() if u.text.strip()]
        said.sort(key=lambda u: (u.start, u.speaker != "rep"))
        judge = SentimentIntensityAnalyzer()
        return [
            marked_where_unclear(u).model_copy(
                update={"i": i, "sentiment": round(judge.polarity_scores(u.text)["compound"], 4)}
            )
            for i, u in enumerate(said)
        ]


def marked_where_unclear(utterance: Utterance) -> Utterance:
    """The utterance, tagged `unclear` when its words may be wrong: then scoring holds none of them against the rep."""
    brief = utterance.end - utterance.start < LEAST_UNCLEAR_S
    if brief or utterance.confidence is None or utterance.confidence >= UNCLEAR_BELOW:
        return utterance
    return utterance.model_copy(update={"tags": [*(utterance.tags or []), "unclear"]})
