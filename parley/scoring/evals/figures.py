"""The figures of an eval, from calls and scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import fmean
from typing import Any

from parley.buyer.protocol import ReplyPart
from parley.buyer.wording import key, sentences
from parley.reps.call import Exchange, SimulatedCall
from parley.reps.skill import LEVELS, Level

LEAST_SPEARMAN = 0.9
LEAST_ON_TOPIC = 0.9
_LOST = frozenset({"fallback", "odd", "unheard"})


@dataclass(frozen=True, slots=True)
class ScoredCall:
    """One simulated call with its score; None when the score abstained."""

    level: Level
    seed: int
    call: SimulatedCall
    score: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of calls shows. Means are points 0..100 from poor to excellent; shares are 0..1."""

    means: list[float | None]
    spearman: float | None
    """Between level and score over single calls (ties share their rank)."""
    ordered: float
    """Share of the four adjacent pairs of levels whose means are in the right order."""
    on_topic: float
    """Share of the buyer's replies that are about what the rep said."""
    repeated_lines: int
    """Sentences that the buyer spoke twice within a call, over all calls."""
    goal_rate: float
    """Share of calls that ended at the goal."""
    goal_rates: list[float]
    """The same by level."""
    abstained: int
    """Calls that were too short to be scored."""

    @property
    def problems(self) -> list[str]:
        """Where the figures fall short, in plain words; empty when the scenario passes."""
        found = []
        if self.ordered < 1:
            found.append(f"the five means are not in order: {' '.join(_points(mean) for mean in self.means)}")
        if self.spearman is None or self.spearman < LEAST_SPEARMAN:
            found.append(f"Spearman {_points(self.spearman, 3)} is below {LEAST_SPEARMAN}")
        if self.on_topic < LEAST_ON_TOPIC:
            found.append(
                f"only {self.on_topic:.1%} of the buyer's replies are on topic; {LEAST_ON_TOPIC:.0%} are needed"
            )
        if self.repeated_lines:
            found.append(f"the buyer repeated {self.repeated_lines} lines")
        return found

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def figures_of(calls: Sequence[ScoredCall]) -> Figures:
    """The figures of all calls of one scenario in one wording."""
    by_level = {level: [c for c in calls if c.level == level] for level in LEVELS}
    means = [_mean([c.score for c in of if c.score is not None]) for of in by_level.values()]
    judged = [(LEVELS.index(c.level), c.score) for c in calls if c.score is not None]
    replies = [verdict for c in calls for e in c.call.exchanges if (verdict := is_on_topic(e)) is not None]
    goals = [fmean(c.call.ended == "goal" for c in of) if of else 0.0 for of in by_level.values()]
    return Figures(
        means=means,
        spearman=spearman([level for level, _ in judged], [score for _, score in judged]),
        ordered=fmean(a is not None and b is not None and a < b for a, b in pairwise(means)),
        on_topic=round(fmean(replies), 4) if replies else 0.0,
        repeated_lines=sum(repeated_lines(c.call) for c in calls),
        goal_rate=round(fmean(c.call.ended == "goal" for c in calls), 4) if calls else 0.0,
        goal_rates=[round(rate, 4) for rate in goals],
        abstained=sum(c.score is None for c in calls),
    )


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's rank correlation, -1..1, equal values sharing their mean rank; None when one side does not vary.

    Pearson's coefficient of the ranks: the definition that holds with ties (Kendall, Rank Correlation Methods).
    """
    a, b = _ranks(first), _ranks(second)
    if len(a) < 2:
        return None
    mean_a, mean_b = fmean(a), fmean(b)
    spread = sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)
    if not spread:
        return None
    together = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    return round(float(together / spread**0.5), 4)


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    counts = Counter(order)
    first: dict[float, int] = {}
    for place, value in enumerate(order, 1):
        first.setdefault(value, place)
    return [first[value] + (counts[value] - 1) / 2 for value in values]


def is_on_topic(exchange: Exchange) -> bool | None:
    """Is the buyer's reply about what the rep said? None when the buyer had lost patience, and so did not answer.

    A question for a topic must bring that topic (or the motive that it opens); exploring an objection, that objection
    or something that was asked about; after anything else the buyer must have followed.
    """
    tags = {tag for part in exchange.reply for tag in part.tags}
    if "closing:patience" in tags:
        return None
    if not exchange.reply or tags & _LOST:
        return False
    last = exchange.said[-1]
    if last.act == "ask":
        return bool(tags & {f"topic:{last.about}", "motive"})
    if last.act == "dig":
        return "motive" in tags or _has(exchange.reply, "topic:", "explored:")
    if last.act == "explore":
        return _has(exchange.reply, f"explored:{last.about}", f"resolved:{last.about}", "topic:", "motive")
    if last.act in ("answer", "confirm"):
        return _has(exchange.reply, f"resolved:{last.about}", f"explored:{last.about}") or "follow" not in tags
    return True


def _has(reply: Sequence[ReplyPart], *kinds: str) -> bool:
    return any(tag.startswith(kind) for part in reply for tag in part.tags for kind in kinds)


def repeated_lines(call: SimulatedCall) -> int:
    """How many sentences the buyer was heard to say again. What the rep talked over was not said."""
    heard: Counter[str] = Counter()
    for utterance in call.transcript:
        if utterance["speaker"] == "buyer":
            said = sentences(utterance["text"])
            heard.update(key(line) for line in (said[:-1] if "cut" in utterance["tags"] else said))
    return sum(count - 1 for count in heard.values())


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), 2) if values else None


def _points(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
