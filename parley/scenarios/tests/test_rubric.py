"""Rubrics compile from scenarios, and one that cannot be satisfied is refused with the field's name."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from parley.scenarios.compliance import pack_for
from parley.scenarios.pack import ScenarioFile, load_packs
from parley.scenarios.rubric import PackUsed, RubricError, compile_rubric, load_rubric, template_names

PACKS = load_packs()
BANDS = [{"from": 0, "share": 0.0}, {"from": 8, "to": 16, "share": 1.0}]


def plain(**more: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "title": "Plain",
        "pass_mark": 75,
        "criteria": [
            {"id": "q", "label": "Questions", "weight": 5, "kind": "kpi", "measure": "question_count", "bands": BANDS}
        ],
        **more,
    }


def first_criterion(**change: Any) -> dict[str, Any]:
    rubric = plain()
    rubric["criteria"][0] |= change
    return rubric


@pytest.mark.parametrize("scenario", PACKS, ids=[s.key for s in PACKS])
def test_every_shipped_scenario_compiles(scenario: ScenarioFile) -> None:
    rubric = compile_rubric(scenario)
    assert 5 <= len(rubric.criteria) <= 9, "managers see at most nine rows"
    assert {o.tag for o in rubric.objections} == {o.tag for o in scenario.branching.objections}
    assert {m.id for m in scenario.must} <= {p.id for p in rubric.phrases}
    pack = pack_for(scenario.vertical)
    taken = {name for check in (pack.checks if pack else []) for name in check.covers}
    assert {m.id for m in scenario.must_not} <= {f.id for f in rubric.forbidden} | taken
    assert rubric.goal is not None
    assert rubric.goal.id == scenario.goal.id


@pytest.mark.parametrize("scenario", PACKS, ids=[s.key for s in PACKS])
def test_every_forbidden_phrase_is_covered_by_a_check_and_grave_ones_cap(scenario: ScenarioFile) -> None:
    rubric = compile_rubric(scenario)
    covered = {name for check in rubric.compliance for name in check.forbidden}
    assert covered == {f.id for f in rubric.forbidden}
    capped = {gate.when.compliance for gate in rubric.gates}
    assert {c.id for c in rubric.compliance if "fail" in (c.severity, c.twice)} == capped
    assert all(gate.cap == 59 for gate in rubric.gates)


@pytest.mark.parametrize("scenario", [s for s in PACKS if pack_for(s.vertical)], ids=lambda s: s.key)
def test_the_rule_pack_of_the_vertical_brings_the_checks_that_apply(scenario: ScenarioFile) -> None:
    rubric, pack = compile_rubric(scenario), pack_for(scenario.vertical)
    assert pack is not None
    assert rubric.compliance_pack == PackUsed(id=pack.id, version=pack.version, title=pack.title)
    ids = {check.id for check in rubric.compliance}
    assert ids >= {check.id for check in pack.checks_for({scenario.vertical, *scenario.tags})}
    assert all(check.rule and check.source for check in rubric.compliance)


def test_a_scenarios_own_words_join_the_check_that_covers_them() -> None:
    scenario = next(s for s in PACKS if s.key == "s07-rate-term-refinance")
    assert "free" in {rule.id for rule in scenario.must_not}
    check = next(c for c in compile_rubric(scenario).compliance if c.id == "no-cost")
    assert any(re.search(f" {said}", " this does not cost you anything ") for _, said in check.match["say"])
    assert check.severity == "fail", "the scenario says that it is grave"


def test_json_keeps_the_published_names_and_reads_back() -> None:
    rubric = compile_rubric(PACKS[0])
    data = rubric.as_json()
    assert data["criteria"][2]["bands"][0] == {"from": 0.0, "to": None, "share": 0.0}
    assert rubric.model_dump(mode="json") == data
    assert load_rubric(data) == rubric


def test_a_scenario_may_weigh_differently_and_leave_one_out() -> None:
    data = PACKS[0].model_dump()
    data["rubric"]["weights"] = {"delivery": 0, "objections": 30}
    rubric = compile_rubric(ScenarioFile.model_validate(data))
    weights = {c.id: c.weight for c in rubric.criteria}
    assert "delivery" not in weights
    assert weights["objections"] == 30


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"base": "no-such"}, "rubric.base: 'no-such' is unknown"),
        ({"weights": {"charm": 5}}, "rubric.weights.charm: is no criterion"),
        ({"weights": {"objections": -1}}, "rubric.weights.objections: -1 is negative"),
        (
            {"weights": dict.fromkeys([c.id for c in compile_rubric(PACKS[0]).criteria], 0)},
            "rubric.weights: every weight is 0",
        ),
    ],
)
def test_a_scenarios_choice_is_refused_by_field(change: dict[str, Any], says: str) -> None:
    data = PACKS[0].model_dump()
    data["rubric"] |= change
    with pytest.raises(RubricError, match=says):
        compile_rubric(ScenarioFile.model_validate(data))


@pytest.mark.parametrize(
    ("rubric", "says"),
    [
        (plain(criteria=[]), "criteria"),
        (first_criterion(weight=0), "criteria[0].weight"),
        (first_criterion(weight=-2), "criteria[0].weight"),
        (first_criterion(measure="charm"), "measure 'charm' is unknown"),
        (first_criterion(bands=[]), "has no bands"),
        (first_criterion(bands=[{"from": 0, "share": 0.4}]), "can never give full marks"),
        (
            first_criterion(measure="talk_ratio", bands=[{"from": 40, "to": 55, "share": 1}]),
            "can never give full marks",
        ),
        (first_criterion(bands=[{"from": 8, "share": 1}, {"from": 4, "share": 0}]), "does not lie above"),
        (first_criterion(bands=[{"from": 8, "to": 2, "share": 1}]), "lies below"),
        (first_criterion(kind="objection", measure=None, bands=[]), "the rubric has no objections"),
        (first_criterion(kind="goal", measure=None, bands=[]), "the rubric has no goal"),
        (first_criterion(kind="judge", measure=None, bands=[]), "all of kind judge"),
        (first_criterion(kind="phrase"), "takes no measure"),
        (plain(pass_mark=120), "pass_mark"),
        (plain(gates=[{"id": "g", "when": {"compliance": "C99"}, "cap": 59}]), "gates[0].when.compliance names 'C99'"),
        (plain(gates=[{"id": "g", "when": {}, "cap": 59}]), "exactly one of"),
        (plain(phrases=[{"id": "p", "label": "p", "say": []}]), "phrases[0].say"),
        (plain(phrases=[{"id": "p", "label": "p", "say": ["…"]}]), "holds no word"),
        (plain(phrases=[{"id": "p", "label": "p", "say": ["x"], "when": "it_rains"}]), "phrases[0].when"),
        (
            plain(
                objections=[{"tag": "t", "label": "t", "heard": ["x"], "answer": [["y"]], "answer_needed": 2}],
            ),
            "can never be met",
        ),
        (
            plain(
                phrases=[{"id": "p", "label": "p", "say": ["it is guaranteed"]}],
                forbidden=[{"id": "f", "label": "f", "say": ["guaranteed"]}],
            ),
            "phrases[0].say (p) asks for what forbidden 'f' forbids",
        ),
        (plain(colour="red"), "colour"),
    ],
)
def test_a_rubric_that_cannot_be_satisfied_is_refused_by_field(rubric: dict[str, Any], says: str) -> None:
    with pytest.raises(RubricError) as refused:
        load_rubric(copy.deepcopy(rubric))
    assert says in str(refused.value)


def test_the_default_scorecard_weighs_100() -> None:
    assert "mortgage-default" in template_names()
    rubric = compile_rubric(PACKS[0])
    assert sum(c.weight for c in rubric.criteria) == 100
