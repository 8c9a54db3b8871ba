"""Agreement of two raters on the scale 0 to 4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

LOWEST, HIGHEST = 0, 4
FEW = 20
"""Below that many pairs a figure is hardly more than an anecdote; whoever shows one says so."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures over `n` pairs; None where they are undefined (nothing varies, or fewer than two pairs)."""

    n: int
    kappa: float | None
    """Quadratic weighted kappa: 1 perfect, 0 as chance would have it, below 0 worse than chance."""
    within_one: float | None
    """Share of pairs at most one step apart."""
    pearson: float | None
    mean_judge: float | None
    mean_human: float | None

    @property
    def is_thin(self) -> bool:
        """Are there too few pairs to go by?"""
        return self.n < FEW


def agreement(judge: Sequence[float], human: Sequence[float]) -> Agreement:
    """The agreement of equally long lists of scores 0..4. Kappa takes each score to the nearest whole step."""
    n = len(judge)
    return Agreement(
        n=n,
        kappa=_rounded(quadratic_weighted_kappa([_step(x) for x in judge], [_step(x) for x in human])),
        within_one=_rounded(sum(abs(a - b) <= 1 for a, b in zip(judge, human, strict=True)) / n) if n else None,
        pearson=_rounded(pearson(judge, human)),
        mean_judge=_rounded(sum(judge) / n) if n else None,
        mean_human=_rounded(sum(human) / n) if n else None,
    )


def quadratic_weighted_kappa(first: Sequence[int], second: Sequence[int]) -> float | None:
    """Cohen's weighted kappa (1968) with weights that grow by the square of the distance.

    1 less the observed disagreement over that expected from the raters' own distributions. None when both gave one
    and the same score throughout, because then chance alone explains everything.
    """
    n = len(first)
    if not n:
        return None
    observed = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) / n
    counts = Counter(first), Counter(second)
    expected = sum((a - b) ** 2 * x * y for a, x in counts[0].items() for b, y in counts[1].items()) / n**2
    return None if expected == 0 else 1 - observed / expected


def pearson(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation; None for fewer than two pairs or when one side never varies."""
    n = len(first)
    if n < 2:
        return None
    mean_a, mean_b = sum(first) / n, sum(second) / n
    spread_a = sum((a - mean_a) ** 2 for a in first)
    spread_b = sum((b - mean_b) ** 2 for b in second)
    if spread_a == 0 or spread_b == 0:
        return None
    return sum((a - mean_a) * (b - mean_b) for a, b in zip(first, second, strict=True)) / sqrt(spread_a * spread_b)


def _step(score: float) -> int:
    return int(score + 0.5)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
