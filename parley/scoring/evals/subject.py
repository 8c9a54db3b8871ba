"""What an eval is about: one version of a scenario, from a file or as an organisation has it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.buyer.branching import Branching
from parley.buyer.brief import BuyerBrief, Persona
from parley.scenarios.pack import PackError, ScenarioFile
from parley.scenarios.playbook import Playbook
from parley.scenarios.rubric import compile_rubric

if TYPE_CHECKING:
    from parley.scenarios.models import Scenario


class EvalRefused(PackError):
    """A scenario cannot be evaluated. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A scenario with the playbook that its simulated reps speak and the rubric that scores them."""

    key: str
    title: str
    version: int
    persona: Persona
    branching: Branching
    playbook: Playbook
    rubric: dict[str, Any]
    time_limit_s: float

    def buyer_brief(self, *, seed: int) -> BuyerBrief:
        return BuyerBrief(
            scenario_key=self.key, title=self.title, persona=self.persona, branching=self.branching, seed=seed
        )

    @property
    def sha256(self) -> str:
        """Of all that a call and its score are made from."""
        made_from = [self.persona, self.branching, self.playbook]
        text = json.dumps([part.model_dump(mode="json") for part in made_from] + [self.rubric], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def subject_of_file(scenario: ScenarioFile) -> Subject:
    """The subject in a scenario file. Raises EvalRefused when it has no playbook, RubricError when none compiles."""
    if scenario.playbook is None:
        raise _without_playbook(scenario.key)
    return Subject(
        key=scenario.key,
        title=scenario.title,
        version=scenario.version,
        persona=scenario.persona,
        branching=scenario.branching,
        playbook=scenario.playbook,
        rubric=compile_rubric(scenario).as_json(),
        time_limit_s=float(scenario.time_limit_s),
    )


def subject_of(scenario: Scenario) -> Subject:
    """The subject in one organisation's version of a scenario, with that version's rubric. Raises EvalRefused."""
    if scenario.playbook is None:
        raise _without_playbook(scenario.key)
    return Subject(
        key=scenario.key,
        title=scenario.title,
        version=scenario.version,
        persona=Persona.model_validate(scenario.persona),
        branching=Branching.model_validate(scenario.branching),
        playbook=Playbook.model_validate(scenario.playbook),
        rubric=scenario.rubric,
        time_limit_s=float(scenario.time_limit_s),
    )


def _without_playbook(key: str) -> EvalRefused:
    return EvalRefused(
        f"{key} has no playbook, so simulated reps would not know what to say; "
        "write one as docs/reference/playbook.md shows."
    )
