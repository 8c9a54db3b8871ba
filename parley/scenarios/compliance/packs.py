"""A rule pack: the checks of one vertical, with what they stand on. One YAML file each, beside this module."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from parley.scenarios.compliance.check import RATE, SEVERITIES, WORDINGS, ComplianceCheck, Severity
from parley.scenarios.compliance.wording import compile_wordings, spell_out

PACKS_DIR = Path(__file__).parent

Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=10, max_length=600, strip_whitespace=True)]


class CompliancePackError(Exception):
    """A rule pack cannot be used. The text names the file, the field and the way out."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Graver(_Part):
    """Where a check weighs more than elsewhere."""

    only: list[Tag] = Field(min_length=1, description="Tags of the scenario.", examples=[["state-ca"]])
    severity: Severity


class PackCheck(ComplianceCheck):
    """A check of a pack: what the rubric freezes, and where it applies."""

    only: list[Tag] = Field(default_factory=list, description="Applies to scenarios with one of these tags.")
    skip: list[Tag] = Field(default_factory=list, description="Does not apply to scenarios with one of these tags.")
    graver: Graver | None = None
    covers: list[str] = Field(
        default_factory=list, description="Ids of a scenario's own `must_not` that this check takes over."
    )
    broken_by: Text = Field(description="An example of what breaks it, for those who approve the pack.")
    kept_by: Text = Field(description="An example of what keeps it.")


class NotHeard(_Part):
    """A rule that words cannot decide, and who or what decides it."""

    id: str
    label: Text
    decided_by: Text


class CompliancePack(_Part):
    """The checks that words can decide for one vertical. Somebody in the organisation has to approve them."""

    id: Tag = Field(description="The vertical.", examples=["mortgage"])
    version: int = Field(ge=1, description="Raised by one whenever a check changes; an approval is for one version.")
    title: str = Field(min_length=5, max_length=120)
    jurisdiction: str = Field(min_length=2, max_length=80)
    as_of: date = Field(description="The day on which the sources were last read.")
    fail_cap: float = Field(ge=0, lt=100, description="The score cannot rise above it when a check fails gravely.")
    checks: list[PackCheck] = Field(min_length=1)
    not_heard: list[NotHeard] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        ids = [check.id for check in self.checks]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"checks has {twice[0]!r} more than once; give each its own id")
        return self

    def checks_for(self, tags: set[str]) -> list[PackCheck]:
        """The checks that apply to a scenario with these tags."""
        return [
            check for check in self.checks if (not check.only or tags & set(check.only)) and not tags & set(check.skip)
        ]


def frozen_check(check: PackCheck, tags: set[str], *, more: list[dict[str, Any]]) -> dict[str, Any]:
    """The check as a rubric keeps it, its wordings compiled; `more` are rules of the scenario that it takes over."""
    kept = check.model_dump(mode="json", exclude=_ONLY_IN_PACKS, exclude_none=True)
    kept = {name: value for name, value in kept.items() if value not in ([], "", {})}
    if check.graver and tags & set(check.graver.only):
        kept["severity"] = check.graver.severity
    gravest = min([kept["severity"], *(rule["severity"] for rule in more)], key=SEVERITIES.index)
    kept["severity"] = gravest
    if check.when == [RATE]:
        kept["when"] = [RATE]
    match = dict(check.match)
    for name in ("say", "unless"):
        own = [spell_out(phrase) for rule in more for phrase in rule.get(name) or []]
        if own:
            match[name] = compile_wordings([*getattr(check, name), *own])
    return kept | ({"match": match} if match else {})


_ONLY_IN_PACKS = {"only", "skip", "graver", "covers", "broken_by", "kept_by", *WORDINGS, "match"}


def pack_names() -> list[str]:
    """The verticals that have a rule pack."""
    return sorted(path.stem for path in PACKS_DIR.glob("*.yaml"))


def pack_for(vertical: str) -> CompliancePack | None:
    """The rule pack of a vertical; None when there is none. Raises CompliancePackError."""
    return load_pack(PACKS_DIR / f"{vertical}.yaml") if vertical in pack_names() else None


@cache
def load_pack(path: Path) -> CompliancePack:
    """The pack in one YAML file. Raises CompliancePackError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CompliancePackError(f"{path.name}: cannot be read ({str(error).splitlines()[0]}).") from None
    try:
        return CompliancePack.model_validate(data)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False):
            where = ".".join(str(step) for step in problem["loc"]) or "(whole file)"
            lines.append(f"{path.name}: {where}: {problem['msg'].removeprefix('Value error, ')}.")
        raise CompliancePackError("\n".join(lines)) from None
