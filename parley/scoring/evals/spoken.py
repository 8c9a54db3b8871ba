"""Evals by voice: simulated reps speak with the buyer through the live pipeline, and each call is scored beside its
text twin: the same rep, buyer and seed without a recogniser between them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from parley.calls.rehearsed import HeardReply, ModelError, RehearsalFailed, SpokenCall, TalkToBuyer, rehearsals
from parley.core.tenancy import acting_as_service
from parley.reps.call import SimulatedCall, SpeakingRep
from parley.reps.skill import LEVELS, Level
from parley.scoring.evals.run import hold_calls
from parley.scoring.evals.subject import Subject
from parley.scoring.functions import score_transcripts
from parley.scoring.imports import finish_transcript

__all__ = ["ModelError", "RehearsalFailed", "SpokenResult", "TwinCall", "evaluate_by_voice", "word_error_rate"]

SPOKEN_LEVELS: tuple[Level, ...] = ("poor", "fair", "excellent")
"""A spoken call lasts as long as it lasts, so a sample is enough."""
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True)
class TwinCall:
    """One spoken call beside its text twin. Scores are points 0..100, None when there was not enough to judge."""

    level: Level
    seed: int
    spoken: float | None
    text: float | None
    lost_by: dict[str, float]
    """Points that the spoken call has over its twin, by criterion; negative where it has fewer."""
    word_error_rate: float
    """Of the rep's words as the transcript of record has them, fillers included."""
    duration_s: float
    answered_after_ms: float | None
    """Median of the pipeline's own measure, from the rep's last word to the buyer's first sound."""
    ended: str
    text_ended: str | None

    @property
    def difference(self) -> float | None:
        """Spoken less text."""
        return None if self.spoken is None or self.text is None else round(self.spoken - self.text, 1)


@dataclass(frozen=True, slots=True)
class SpokenResult:
    """What spoken calls show about one scenario."""

    key: str
    version: int
    calls: list[TwinCall]

    def means(self) -> dict[Level, tuple[float | None, float | None]]:
        """Mean score by level, spoken and text."""
        by_level = {level: [c for c in self.calls if c.level == level] for level in LEVELS}
        return {
            level: (_mean([c.spoken for c in of]), _mean([c.text for c in of])) for level, of in by_level.items() if of
        }

    @property
    def in_order(self) -> bool:
        """The spoken means rise with the level."""
        means = [spoken for spoken, _ in self.means().values()]
        return all(a is not None and b is not None and a < b for a, b in pairwise(means))

    def as_dict(self) -> dict[str, Any]:
        means = {level: {"spoken": spoken, "text": text} for level, (spoken, text) in self.means().items()}
        calls = [{**asdict(call), "difference": call.difference} for call in self.calls]
        return {"version": self.version, "ordered": self.in_order, "means": means, "calls": calls}


async def evaluate_by_voice(
    subject: Subject,
    *,
    seeds: int,
    levels: Sequence[Level] = SPOKEN_LEVELS,
    on_call: Callable[[TwinCall], None] = lambda call: None,
) -> SpokenResult:
    """Hold `seeds` calls of each level by voice, in real time. Raises ModelError and RehearsalFailed."""
    calls = []
    async with rehearsals() as line:
        for level in levels:
            for seed in range(1, seeds + 1):
                twin = await _twin(subject, line, level, seed)
                calls.append(twin)
                on_call(twin)
    return SpokenResult(subject.key, subject.version, calls)


async def _twin(subject: Subject, line: TalkToBuyer, level: Level, seed: int) -> TwinCall:
    rep = SpeakingRep(subject.playbook, level=level, seed=seed)
    buyer, pace = subject.buyer_brief(seed=seed), rep.skill.words_per_minute
    [text] = await asyncio.to_thread(lambda: list(hold_calls(subject, [(level, seed)], lets_finish=True)))
    await line.rehearse([u["text"] for u in text.transcript if u["speaker"] == "rep"], buyer, words_per_minute=pace)

    def next_turn(reply: HeardReply) -> str | None:
        return rep.turn(reply.text, reply.tags, over=reply.over)

    spoken = await line.hold(
        buyer,
        next_turn,
        words_per_minute=pace,
        pause_s=rep.skill.pause_s,
        time_limit_s=subject.time_limit_s,
    )
    return await asyncio.to_thread(_scored, subject, level, seed, spoken, text)


def _scored(subject: Subject, level: Level, seed: int, spoken: SpokenCall, text: SimulatedCall) -> TwinCall:
    with acting_as_service("Simulated calls belong to nobody; their scores are computed and not kept."):
        (_, by_voice), (_, in_text) = score_transcripts(
            [finish_transcript(spoken.transcript), text.transcript], subject.rubric
        )
    heard = " ".join(u["text"] for u in spoken.transcript if u["speaker"] == "rep")
    return TwinCall(
        level=level,
        seed=seed,
        spoken=by_voice["total"],
        text=in_text["total"],
        lost_by=_differences(by_voice, in_text),
        word_error_rate=word_error_rate(" ".join(spoken.said), heard),
        duration_s=spoken.duration_s,
        answered_after_ms=round(median(spoken.latencies_ms), 1) if spoken.latencies_ms else None,
        ended=spoken.ended,
        text_ended=text.ended,
    )


def _differences(spoken: dict[str, Any], text: dict[str, Any]) -> dict[str, float]:
    """Points by criterion where both calls could be judged."""
    before = {c["id"]: c["points"] for c in text["criteria"] if c["points"] is not None}
    after = {c["id"]: c["points"] for c in spoken["criteria"] if c["points"] is not None}
    moved = {name: round(points - before[name], 1) for name, points in after.items() if name in before}
    return {name: points for name, points in moved.items() if points}


def word_error_rate(said: str, heard: str) -> float:
    """Substitutions, deletions and insertions for each word said, 0 when all is right; punctuation and case left out.

    Levenshtein's distance over words. A number written in digits counts as wrong where it was said in words.
    """
    a, b = _WORD.findall(said.lower()), _WORD.findall(heard.lower())
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return round(row[-1] / len(a), 3) if a else 0.0


def _mean(scores: Sequence[float | None]) -> float | None:
    judged = [score for score in scores if score is not None]
    return round(fmean(judged), 1) if judged else None
