"""How a scenario's rubric is made: a template, plus what the scenario itself asks for and forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from parley.buyer.matcher import matcher_for
from parley.scenarios.compliance import CompliancePack, pack_for
from parley.scenarios.compliance.packs import frozen_check
from parley.scenarios.rubric.model import Rubric

if TYPE_CHECKING:
    from parley.scenarios.pack import ScenarioFile

TEMPLATES_DIR = Path(__file__).parent / "templates"

MUST = "must"
"""In a template's `of`: the phrases that the scenario itself asks for."""


class RubricError(Exception):
    """A rubric cannot be used. The text names the field and the way out."""


def template_names() -> list[str]:
    """The rubrics that a scenario may start from."""
    return sorted(path.stem for path in TEMPLATES_DIR.glob("*.yaml"))


def load_rubric(data: Mapping[str, Any]) -> Rubric:
    """The rubric in plain JSON. Raises RubricError naming each field that is wrong."""
    try:
        return Rubric.model_validate(data)
    except ValidationError as error:
        raise RubricError("\n".join(_explain(error))) from None


def compile_rubric(scenario: ScenarioFile) -> Rubric:
    """The rubric of a scenario: its template with the scenario's phrases, objections, topics, motive and goal.

    A criterion for which the scenario offers nothing (no objections, say) is left out; the others carry its weight.
    Raises RubricError when the template is unknown or the result cannot be satisfied.
    """
    template = _read_template(scenario.rubric.base)
    tags = {scenario.vertical, *scenario.tags}
    phrases = _merge(_for_tags(template.get("phrases", []), tags), [m.model_dump() for m in scenario.must])
    forbidden = _merge(_for_tags(template.get("forbidden", []), tags), [m.model_dump() for m in scenario.must_not])
    pack = pack_for(scenario.vertical)
    compliance, taken = _from_pack(pack, tags, scenario)
    forbidden = [rule for rule in forbidden if rule["id"] not in taken]
    known = {check["id"] for check in compliance}
    own = [check for check in _for_tags(template.get("compliance", []), tags) if check["id"] not in known]
    compliance += _compliance(own, phrases, forbidden, scenario)
    rubric = {
        "version": scenario.version,
        "title": template["title"],
        "pass_mark": template["pass_mark"] if scenario.rubric.pass_mark is None else scenario.rubric.pass_mark,
        "phrases": phrases,
        "forbidden": forbidden,
        "compliance": compliance,
        "compliance_pack": pack and {"id": pack.id, "version": pack.version, "title": pack.title},
        "gates": _gates(compliance, cap=pack.fail_cap if pack else template["fail_cap"]),
        "common": template.get("common", {}),
        "fillers": template.get("fillers", []),
        "organisation_bands": template.get("organisation_bands", []),
        **_from_branching(scenario),
    }
    musts = [m.id for m in scenario.must]
    criteria = _weighted(_for_tags(template["criteria"], tags), scenario.rubric.weights)
    rubric["criteria"] = [c for c in (_fitted(c, rubric, musts) for c in criteria) if c]
    return load_rubric(rubric)


def _read_template(name: str) -> dict[str, Any]:
    path = TEMPLATES_DIR / f"{name}.yaml"
    if not path.is_file():
        raise RubricError(f"rubric.base: {name!r} is unknown; use one of {', '.join(template_names())}.")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return _with_included(_read_template(data["include"]), data) if "include" in data else data


def _with_included(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A template over what it includes: criteria and title are its own; rules of what to say and not to say add up."""
    shared = {key: value for key, value in base.items() if key not in ("title", "pass_mark", "criteria")}
    return {**shared, **own, "phrases": [*base.get("phrases", []), *own.get("phrases", [])]}


def _for_tags(items: Iterable[dict[str, Any]], tags: set[str]) -> list[dict[str, Any]]:
    """The template items that hold for a scenario: `only` and `skip` name scenario tags."""
    kept = []
    for item in items:
        item = dict(item)
        only, skip = set(item.pop("only", [])), set(item.pop("skip", []))
        if (not only or only & tags) and not skip & tags:
            kept.append(item)
    return kept


def _merge(base: list[dict[str, Any]], own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The template's phrases with the scenario's added; where both share an id, the wordings are joined."""
    merged = {item["id"]: item for item in base}
    for item in own:
        before = merged.get(item["id"])
        if before:
            item = {**before, **item, "say": _joined(before["say"], item["say"])}
            if "unless" in item:
                item["unless"] = _joined(before.get("unless", []), item["unless"])
        merged[item["id"]] = item
    return list(merged.values())


def _joined(first: list[str], second: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def _compliance(
    base: list[dict[str, Any]], phrases: list[dict[str, Any]], forbidden: list[dict[str, Any]], scenario: ScenarioFile
) -> list[dict[str, Any]]:
    """The template's checks that have their phrases, and one for each forbidden phrase that no check covers."""
    known_phrases, known_forbidden = {p["id"] for p in phrases}, {f["id"] for f in forbidden}
    severities = {rule.id: rule.severity for rule in scenario.must_not}
    checks = []
    for check in base:
        names = [name for name in check.get("forbidden", []) if name in known_forbidden]
        if check.get("phrase") in known_phrases or names:
            checks.append({**check, **({"forbidden": names} if names else {})})
    covered = {name for check in checks for name in check.get("forbidden", [])}
    for rule in forbidden:
        if rule["id"] not in covered:
            severity = severities.get(rule["id"], rule.get("severity", "fail"))
            checks.append(
                {
                    "id": rule["id"],
                    "label": rule["label"],
                    "severity": severity,
                    "rule": f"Must not happen in this call: {rule['label'][0].lower()}{rule['label'][1:]}.",
                    "source": "scenario",
                    "forbidden": [rule["id"]],
                }
            )
    return checks


def _from_pack(
    pack: CompliancePack | None, tags: set[str], scenario: ScenarioFile
) -> tuple[list[dict[str, Any]], set[str]]:
    """The pack's checks for a scenario, and the ids of its `must_not` that they take over."""
    checks, taken = [], set()
    for check in pack.checks_for(tags) if pack else []:
        own = [rule.model_dump() for rule in scenario.must_not if rule.id in check.covers]
        taken |= set(check.covers)
        checks.append(frozen_check(check, tags, more=own))
    return checks, taken


def _gates(compliance: list[dict[str, Any]], *, cap: float) -> list[dict[str, Any]]:
    return [
        {"id": f"cap-{check['id']}", "label": check["label"], "when": {"compliance": check["id"]}, "cap": cap}
        for check in compliance
        if "fail" in (check["severity"], check.get("twice"))
    ]


def _from_branching(scenario: ScenarioFile) -> dict[str, Any]:
    branching = scenario.branching
    closing, motive = branching.closing, branching.motive
    matcher = matcher_for(branching)
    labels = {outcome.id: outcome.label for outcome in scenario.goal.others}
    return {
        "objections": [
            {
                "tag": o.tag,
                "label": o.label,
                "heard": _sentences(o.lines),
                "acknowledge": o.resolve.acknowledge,
                "explore": o.resolve.explore,
                "answer": o.resolve.answer,
                "answer_needed": o.resolve.answer_needed,
                "confirm": o.resolve.confirm,
                "topics": list(dict.fromkeys([*o.resolve.topics, *matcher.topics_near(o.resolve.explore)])),
            }
            for o in branching.objections
        ],
        "topics": [{"id": t.id, "label": t.label, "ask": t.ask, "discovery": t.discovery} for t in branching.topics],
        "motive": {"label": motive.label, "heard": _sentences(motive.says)},
        "goal": {
            "id": closing.goal,
            "label": scenario.goal.label,
            "ask": closing.ask,
            "accept": closing.accept,
            "needs_date": closing.needs_date,
            "others": [
                {"id": o.goal, "label": labels[o.goal], "ask": o.ask, "accept": o.accept} for o in closing.others
            ],
        },
    }


def _sentences(lines: Iterable[str]) -> list[str]:
    """What may be recognised of spoken lines: their sentences of four words or more; all when every one is short."""
    parts = [part.strip() for line in lines for part in re.split(r"(?<=[.!?…])\s+", line)]
    return [part for part in dict.fromkeys(parts) if len(part.split()) >= 4] or list(lines)


def _weighted(criteria: list[dict[str, Any]], weights: Mapping[str, float]) -> list[dict[str, Any]]:
    known = [criterion["id"] for criterion in criteria]
    for name, weight in weights.items():
        if name not in known:
            raise RubricError(f"rubric.weights.{name}: is no criterion; use one of {', '.join(known)}.")
        if weight < 0:
            raise RubricError(f"rubric.weights.{name}: {weight:g} is negative; use 0 to leave it out.")
    kept = [{**c, "weight": weights.get(c["id"], c["weight"])} for c in criteria]
    kept = [criterion for criterion in kept if criterion["weight"] > 0]
    if not kept:
        raise RubricError("rubric.weights: every weight is 0, so nothing is left to score; keep one above 0.")
    return kept


def _fitted(criterion: dict[str, Any], rubric: dict[str, Any], musts: list[str]) -> dict[str, Any] | None:
    """The criterion with its `of` spelled out, or None when the scenario offers nothing to judge it by."""
    kind = criterion["kind"]
    if kind == "objection" and not rubric["objections"]:
        return None
    if kind == "topic" and not any(topic["discovery"] for topic in rubric["topics"]):
        return None
    if kind == "compliance" and not rubric["compliance"]:
        return None
    if kind == "phrase":
        known = [phrase["id"] for phrase in rubric["phrases"]]
        wanted = [name for entry in criterion["of"] for name in (musts if entry == MUST else [entry])]
        names = [name for name in dict.fromkeys(wanted) if name in known and name not in criterion.get("not_of", [])]
        if not names:
            return None
        criterion = {key: value for key, value in criterion.items() if key != "not_of"} | {"of": names}
    return criterion


def _explain(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False):
        where = ""
        for step in problem["loc"]:
            where += f"[{step}]" if isinstance(step, int) else f".{step}" if where else step
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "missing":
            message = "is missing; add it"
        elif problem["type"] != "value_error":
            message = f"{message} (found {str(problem.get('input'))[:60]!r}); change it"
        lines.append(f"{where or 'rubric'}: {message}.")
    return lines
