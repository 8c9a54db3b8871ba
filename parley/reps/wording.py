"""Chooses wordings for one call: no line twice while there is another; on request a second wording of everything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from parley.reps.dice import Dice
from parley.reps.paraphrase import paraphrase


@cache
def common_lines() -> dict[str, list[str]]:
    """What a rep of any trade says, by purpose."""
    data: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("common.yaml").read_text(encoding="utf-8"))
    return data


class RepWording:
    """One rep's way of putting things in one call.

    Plain reps speak the first half of each list of wordings; paraphrased reps the second half, put differently by rule.
    """

    def __init__(self, dice: Dice, *, paraphrased: bool = False) -> None:
        self._dice = dice
        self._paraphrased = paraphrased
        self._said: set[str] = set()

    def say(self, lines: Sequence[str], *about: object) -> str:
        """A wording that was not used in this call, while there is one."""
        half = (len(lines) + 1) // 2
        own = lines[len(lines) - half :] if self._paraphrased else lines[:half]
        ordered = [*self._dice.order(own, "wording", *about), *self._dice.order(lines, "more", *about)]
        line = next((line for line in ordered if line not in self._said), ordered[0])
        self._said.add(line)
        return paraphrase(line, self._dice.at("paraphrase", line)) if self._paraphrased else line

    def common(self, purpose: str, *about: object) -> str:
        return self.say(common_lines()[purpose], purpose, *about)
