"""What a rubric promises as a whole: every reference is known and every criterion can be earned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.scenarios.rubric.model import Rubric


def check_whole(rubric: Rubric) -> None:
    """Raise ValueError that names the field when the rubric contradicts itself or cannot be satisfied."""
    phrases = _unique("phrases", [p.id for p in rubric.phrases])
    forbidden = _unique("forbidden", [f.id for f in rubric.forbidden])
    compliance = _unique("compliance", [c.id for c in rubric.compliance])
    _unique("criteria", [c.id for c in rubric.criteria])
    _unique("gates", [g.id for g in rubric.gates])
    _unique("objections", [o.tag for o in rubric.objections])
    topics = _unique("topics", [t.id for t in rubric.topics])
    for n, objection in enumerate(rubric.objections):
        _known(f"objections[{n}].topics", objection.topics, topics, "topics")
    if rubric.goal:
        _unique("goal.others", [rubric.goal.id, *(outcome.id for outcome in rubric.goal.others)])
    for n, check in enumerate(rubric.compliance):
        _known(f"compliance[{n}].phrase", [check.phrase] if check.phrase else [], phrases, "phrases")
        _known(f"compliance[{n}].forbidden", check.forbidden, forbidden, "forbidden")
    for n, gate in enumerate(rubric.gates):
        _known(f"gates[{n}].when.compliance", [gate.when.compliance or ""], {*compliance, ""}, "compliance")
        _known(f"gates[{n}].when.forbidden", [gate.when.forbidden or ""], {*forbidden, ""}, "forbidden")
    _check_criteria(rubric, phrases, compliance)
    _check_no_contradiction(rubric)


def _check_criteria(rubric: Rubric, phrases: set[str], compliance: set[str]) -> None:
    for n, criterion in enumerate(rubric.criteria):
        field = f"criteria[{n}] ({criterion.id})"
        if criterion.kind == "phrase":
            _known(f"{field}.of", criterion.of, phrases, "phrases")
        if criterion.kind == "compliance":
            _known(f"{field}.of", criterion.of, compliance, "compliance")
        needs = {
            "phrase": ("phrases", rubric.phrases),
            "objection": ("objections", rubric.objections),
            "topic": ("topics with discovery: true", [t for t in rubric.topics if t.discovery]),
            "goal": ("goal", rubric.goal),
            "compliance": ("compliance", rubric.compliance),
        }.get(criterion.kind)
        if needs and not needs[1]:
            raise ValueError(f"{field} is of kind {criterion.kind}, but the rubric has no {needs[0]}; add or remove it")
    if all(criterion.kind == "judge" for criterion in rubric.criteria):
        raise ValueError("criteria are all of kind judge; at least one must be decided by rules")


def _check_no_contradiction(rubric: Rubric) -> None:
    """A phrase all of whose forms contain a forbidden one could only be said by breaking the rubric."""
    for n, phrase in enumerate(rubric.phrases):
        for rule in rubric.forbidden:
            if rule.unless:
                continue
            if all(any(_holds(form, banned) for banned in rule.say) for form in phrase.say):
                raise ValueError(f"phrases[{n}].say ({phrase.id}) asks for what forbidden {rule.id!r} forbids")


def _holds(text: str, part: str) -> bool:
    return f" {_plain(part)} " in f" {_plain(text)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _unique(field: str, ids: list[str]) -> set[str]:
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"{field} has {twice[0]!r} more than once; give each its own name")
    return set(ids)


def _known(field: str, names: Iterable[str], known: set[str], where: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{field} names {name!r}, which is not among the rubric's {where}")
