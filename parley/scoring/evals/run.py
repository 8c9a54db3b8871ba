"""Runs an eval: holds the calls, scores them in one batch, and does part of it again to see that nothing changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from parley.buyer.scripted import ScriptedBuyer
from parley.reps.call import SimulatedCall, hold_call
from parley.reps.skill import LEVELS, Level
from parley.scoring.evals.figures import Figures, ScoredCall, figures_of
from parley.scoring.evals.subject import EvalRefused, Subject

SEEDS = 20
"""Calls for each level, unless told."""
AGAIN = 2
"""Calls for each level that are held and scored a second time."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What simulated reps show about one scenario."""

    key: str
    version: int
    seeds: int
    figures: Figures
    paraphrased: Figures | None
    reproducible: bool

    @property
    def problems(self) -> list[str]:
        """Where it falls short; empty when it passes."""
        found = [
            *self.figures.problems,
            *([] if self.reproducible else ["the same calls did not score the same again"]),
        ]
        return found + [
            f"paraphrased: {problem}" for problem in (self.paraphrased.problems if self.paraphrased else [])
        ]

    def as_dict(self) -> dict[str, Any]:
        """The published form, figures of the plain reps at the top."""
        other = self.paraphrased
        return {
            **self.figures.as_dict(),
            "reproducible": self.reproducible,
            "seeds": self.seeds,
            "version": self.version,
            "passed": not self.problems,
            "problems": self.problems,
            **({"paraphrased": other.as_dict()} if other else {}),
        }


def evaluate(
    subject: Subject, *, seeds: int = SEEDS, paraphrased: bool = False, progress: Progress = lambda share: None
) -> ScenarioResult:
    """What simulated reps show about a subject: `seeds` calls for each of the five levels. Raises EvalRefused.

    With `paraphrased`, as many again by reps who put everything differently. The reps never see the rubric.
    """
    if seeds < 1:
        raise EvalRefused(f"seeds={seeds} gives no calls; use 1 or more, {SEEDS} for a proof.")
    steps = 2 if paraphrased else 1
    scored = _scored(subject, range(1, seeds + 1), False, lambda share: progress(share * 0.9 / steps))
    other = _scored(subject, range(1, seeds + 1), True, lambda s: progress((1 + s) * 0.45)) if paraphrased else None
    again = _scored(subject, range(1, min(AGAIN, seeds) + 1), False, lambda share: progress(0.9 + 0.1 * share))
    first = {(c.level, c.seed): c for c in scored}
    same = all(
        c.score == first[c.level, c.seed].score and c.call.transcript == first[c.level, c.seed].call.transcript
        for c in again
    )
    return ScenarioResult(
        subject.key, subject.version, seeds, figures_of(scored), figures_of(other) if other else None, same
    )


def _scored(subject: Subject, seeds: Sequence[int], paraphrased: bool, progress: Progress) -> list[ScoredCall]:
    from parley.core.tenancy import acting_as_service
    from parley.scoring.functions import score_transcripts

    plan = [(level, seed) for level in LEVELS for seed in seeds]
    calls = []
    for n, call in enumerate(hold_calls(subject, plan, paraphrased=paraphrased), 1):
        calls.append(call)
        progress(0.7 * n / len(plan))
    with acting_as_service("Simulated calls belong to nobody; their scores are computed and not kept."):
        pairs = score_transcripts([call.transcript for call in calls], subject.rubric)
    scores = [score["total"] for _, score in pairs]
    progress(1.0)
    return [
        ScoredCall(level, seed, call, score) for (level, seed), call, score in zip(plan, calls, scores, strict=True)
    ]


def hold_calls(
    subject: Subject, plan: Sequence[tuple[Level, int]], *, paraphrased: bool = False, lets_finish: bool = False
) -> Iterator[SimulatedCall]:
    """The calls of the plan, in its order, one by one."""
    for level, seed in plan:
        yield _hold(subject, level, seed, paraphrased, lets_finish)


def _hold(subject: Subject, level: Level, seed: int, paraphrased: bool, lets_finish: bool) -> SimulatedCall:
    buyer = ScriptedBuyer(subject.buyer_brief(seed=seed))
    return asyncio.run(
        hold_call(
            buyer,
            subject.playbook,
            level=level,
            seed=seed,
            paraphrased=paraphrased,
            lets_finish=lets_finish,
            buyer_pace=subject.persona.voice.pace,
            time_limit_s=subject.time_limit_s,
        )
    )
