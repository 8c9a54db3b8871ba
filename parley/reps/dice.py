"""Chance that depends on a call's seed and on what it is about, and on nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dice:
    """The same call throws the same dice, in whatever order it is asked."""

    call: str

    def at(self, *about: object) -> random.Random:
        """A source of numbers for one purpose."""
        return random.Random(f"{self.call}|{'|'.join(map(str, about))}")  # noqa: S311 -- variety, not secrecy

    def happens(self, share: float, *about: object) -> bool:
        return self.at(*about).random() < share

    def order(self, things: Sequence[T], *about: object) -> list[T]:
        """The things in an order that the seed decides."""
        mixed = list(things)
        self.at(*about).shuffle(mixed)
        return mixed
