"""Scenario packs: scenarios as YAML files, checked when they are loaded.

A pack is a folder of `*.yaml` below `parley/scenarios/packs/`, one scenario in each file. No Django here, so that
typed practice, evals and the voice tests read scenarios without a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from parley.buyer.branching import Branching, Lines, Phrases, Slug
from parley.buyer.brief import BuyerBrief, Persona
from parley.scenarios.playbook import Playbook

PACKS_DIR = Path(__file__).parent / "packs"
VERTICALS = ("mortgage", "healthcare", "technology", "insurance")
"""The verticals in the order in which the library shows them; others follow."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ScenarioKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Difficulty = Literal["easy", "medium", "hard"]
Within = Literal["call", "same_answer", "opening"]
Severity = Literal["fail", "major", "minor"]


class PackError(Exception):
    """A scenario file cannot be used. The text names the file, the field and the way out."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MustPhrase(_Part):
    """Something the rep must say, in the rubric's phrase shape."""

    id: Slug
    label: str
    say: Phrases
    within: Within = "call"
    when: str | None = None


class MustNotPhrase(_Part):
    """Something the rep must not say, in the rubric's forbidden shape."""

    id: Slug
    label: str
    say: Phrases
    unless: list[str] = Field(default_factory=list)
    severity: Severity = "fail"


class Outcome(_Part):
    """A call outcome."""

    id: Slug
    label: str


class Goal(Outcome):
    """The call outcome that the rep is after, and those that count as much."""

    others: list[Outcome] = Field(default_factory=list)


class RubricChoice(_Part):
    """Which rubric scores the scenario, and what differs for it."""

    base: Slug = Field(default="mortgage-default", description="Name of the rubric to start from.")
    pass_mark: int | None = Field(default=None, ge=0, le=100)
    weights: dict[str, float] = Field(default_factory=dict, description="Weights by criterion id; 0 leaves one out.")


class ScenarioFile(_Part):
    """One scenario as its file says it."""

    key: ScenarioKey = Field(description="Name in addresses and commands.", examples=["s01-inbound-rate-shopper"])
    code: str = Field(pattern=r"^[A-Z]\d{2,3}$", description="Short code for people.", examples=["S01"])
    version: int = Field(ge=1, description="Raised by one whenever the file changes after it was published.")
    title: str = Field(min_length=3, max_length=120)
    summary: str = Field(min_length=10, max_length=400, description="One or two sentences for the library.")
    vertical: Slug = Field(examples=["mortgage"])
    difficulty: Difficulty
    tags: list[Slug] = Field(default_factory=list, examples=[["purchase", "inbound"]])
    time_limit_s: int = Field(default=900, ge=60, le=3600)
    brief_for_rep: Lines = Field(description="What the rep knows before the call, a paragraph each.")
    goal: Goal
    persona: Persona
    must: list[MustPhrase] = Field(default_factory=list)
    must_not: list[MustNotPhrase] = Field(default_factory=list)
    rubric: RubricChoice = RubricChoice()
    branching: Branching
    playbook: Playbook | None = Field(
        default=None, description="What a well-prepared rep would say; simulated reps and the exemplar call speak it."
    )

    @model_validator(mode="after")
    def _playbook_fits(self) -> ScenarioFile:
        branching = self.branching
        topics, objections = {t.id for t in branching.topics}, {o.tag for o in branching.objections}
        others = set(branching.closing.goals[1:])
        missed = self.playbook.misses(topics=topics, objections=objections, others=others) if self.playbook else None
        if missed:
            raise ValueError(missed)
        return self

    @model_validator(mode="after")
    def _one_goal(self) -> ScenarioFile:
        if self.goal.id != self.branching.closing.goal:
            raise ValueError(
                f"goal.id is {self.goal.id!r} but branching.closing.goal is {self.branching.closing.goal!r}; "
                "write the same outcome in both"
            )
        others, known = [o.id for o in self.goal.others], self.branching.closing.goals[1:]
        if sorted(others) != sorted(known):
            raise ValueError(
                f"goal.others has {', '.join(others) or 'nothing'}, but branching.closing.others has "
                f"{', '.join(known) or 'nothing'}; write the same outcomes in both"
            )
        return self

    def buyer_brief(self, *, seed: int) -> BuyerBrief:
        """The brief of one call of this scenario; `seed` varies wording, order and objections."""
        return BuyerBrief(
            scenario_key=self.key, title=self.title, persona=self.persona, branching=self.branching, seed=seed
        )


def load_scenario(path: Path) -> ScenarioFile:
    """The scenario in one YAML file, read again only when the file has changed. Raises PackError."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise PackError(
            f"{path}: cannot be read ({error.strerror}); check that it exists and its permissions."
        ) from None


@lru_cache(maxsize=256)
def _read(path: Path, modified_ns: int, size: int) -> ScenarioFile:
    """The file at this state of it: `modified_ns` and `size` only tell one state from another."""
    try:
        # The C loader reads a pack about ten times as fast as `safe_load`, and the whole library is read for one name.
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both loaders are safe
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PackError(
            f"{path}: is not readable YAML ({_one_line(error)}); quote text that holds ': ' or begins with a mark."
        ) from None
    if not isinstance(data, dict):
        raise PackError(f"{path}: holds {type(data).__name__}, not fields; begin with `key:` and `code:`.")
    try:
        return ScenarioFile.model_validate(data)
    except ValidationError as error:
        raise PackError(_explain(path, error)) from None


def load_packs(folder: Path | None = None) -> list[ScenarioFile]:
    """All scenarios below `folder` (the packs shipped with Parley unless told), by vertical and code.

    Raises PackError on the first file that cannot be used, and when two files share a key or a code.
    """
    root = folder or PACKS_DIR
    paths = sorted(root.rglob("*.yaml"))
    if not paths:
        raise PackError(f"{root}: holds no *.yaml scenario; put scenario files there or name another folder.")
    scenarios = [(path, load_scenario(path)) for path in paths]
    _refuse_twins((path, scenario.key) for path, scenario in scenarios)
    _refuse_twins((path, scenario.code) for path, scenario in scenarios)
    return sorted((scenario for _, scenario in scenarios), key=lambda s: place_in_library(s.vertical, s.code))


def place_in_library(vertical: str, code: str) -> tuple[int, str, str]:
    """What the library is sorted by."""
    return (VERTICALS.index(vertical) if vertical in VERTICALS else len(VERTICALS), vertical, code)


def find_scenario(key: str, folder: Path | None = None) -> ScenarioFile:
    """The scenario with this key or code. Raises PackError that lists what there is."""
    scenarios = load_packs(folder)
    for scenario in scenarios:
        if key.lower() in (scenario.key, scenario.code.lower()):
            return scenario
    known = ", ".join(scenario.key for scenario in scenarios)
    raise PackError(f"Scenario {key!r} is unknown; use one of {known}.")


def _refuse_twins(names: Iterable[tuple[Path, str]]) -> None:
    seen: dict[str, Path] = {}
    for path, name in names:
        if name in seen:
            raise PackError(f"{path}: {name!r} is already used by {seen[name]}; give one of them another.")
        seen[name] = path


def _explain(path: Path, error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        where = _field_path(problem["loc"])
        lines.append(f"{path}: {where}: {_way_out(problem['type'], problem['msg'], problem.get('input'))}")
    return "\n".join(lines)


def _field_path(loc: tuple[int | str, ...]) -> str:
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "(whole file)"


def _way_out(kind: str, message: str, given: object) -> str:
    if kind == "missing":
        return "is missing; add it."
    if kind == "extra_forbidden":
        return "is not a known field; remove it or correct its spelling (docs/reference/branching.md, playbook.md)."
    if kind == "value_error":
        return message.removeprefix("Value error, ") + "."
    short = repr(given)
    shown = short if len(short) <= 60 else short[:57] + "…"
    return f"{message} (found {shown}); change it."


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
