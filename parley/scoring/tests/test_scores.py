"""The score: bands, weights, gates and abstaining, redone by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError

from parley.scenarios.pack import find_scenario
from parley.scenarios.rubric import MEASURES, compile_rubric
from parley.scoring.shapes import Kpis as KpisShape
from parley.scoring.shapes import Score
from parley.scoring.tests.calls import GOOD
from parley.scoring.tests.conftest import Kpis, call_sql, said

BANDS = [{"from": 0, "share": 0.0}, {"from": 4, "share": 0.6}, {"from": 8, "to": 16, "share": 1.0}]


def one(kind: str = "kpi", weight: float = 20, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"id": name, "label": name.upper(), "weight": weight, "kind": kind, **more}


def rubric(*criteria: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": 3, "title": "t", "pass_mark": 75, "criteria": list(criteria), **more}


@pytest.mark.parametrize(
    ("value", "between", "share"),
    [
        (0, "linear", 0.0),
        (2, "linear", 0.3),  # half way from 0 to 4: half of 0.6
        (4, "linear", 0.6),
        (6, "linear", 0.8),  # half way from 0.6 to 1.0
        (8, "linear", 1.0),
        (12, "linear", 1.0),  # inside the band
        (40, "linear", 1.0),  # above the last band its share holds
        (-3, "linear", 0.0),
        (3.9, "step", 0.0),
        (7, "step", 0.6),
    ],
)
def test_bands_give_a_share(db: None, value: float, between: str, share: float) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select score_share(%s, %s::jsonb, %s)", [value, __import__("json").dumps(BANDS), between])
        row = cursor.fetchone()
    assert row is not None
    assert float(row[0]) == share


def test_above_a_band_the_share_falls_towards_the_next(db: None) -> None:
    bands = [{"from": 0, "to": 4, "share": 1}, {"from": 8, "share": 0.5}, {"from": 12, "share": 0}]
    for value, share in ((4, 1.0), (6, 0.75), (10, 0.25), (20, 0.0)):
        found = call_sql("score_kpi", {"filler_count": value}, {"measure": "filler_count", "bands": bands})
        assert float(found["share"]) == share


def test_weights_are_normalised_and_points_add_up(score: Kpis) -> None:
    # Weights 30 and 10 become 75 and 25; shares 0.6 and 1.0 give 45 + 25 = 70.
    found = score(
        {"open_question_count": 4, "question_count": 9},
        rubric(
            one(weight=30, name="a", measure="open_question_count", bands=BANDS),
            one(weight=10, name="b", measure="question_count", bands=BANDS),
        ),
    )
    assert [(c["weight"], c["share"], c["points"]) for c in found["criteria"]] == [(75, 0.6, 45), (25, 1, 25)]
    assert (found["total"], found["passed"], found["abstained"]) == (70, False, False)
    assert found["criteria"][0]["why"] == "Open questions: 4 open questions; full marks from 8 to 16"


def test_a_null_measure_is_left_out_and_the_others_carry_its_weight(score: Kpis) -> None:
    found = score(
        {"open_question_count": 8, "patience_s": None},
        rubric(
            one(weight=30, name="a", measure="open_question_count", bands=BANDS),
            one(weight=20, name="b", measure="patience_s", bands=BANDS),
        ),
    )
    assert [(c["weight"], c["points"]) for c in found["criteria"]] == [(100, 100), (0, None)]
    assert found["total"] == 100
    assert found["criteria"][1]["why"] == "Patience: not enough to judge"


def test_it_abstains_below_half_of_the_weight(score: Kpis) -> None:
    found = score(
        {"open_question_count": 8, "patience_s": None},
        rubric(
            one(weight=10, name="a", measure="open_question_count", bands=BANDS),
            one(weight=20, name="b", measure="patience_s", bands=BANDS),
        ),
    )
    assert (found["total"], found["abstained"], found["passed"]) == (None, True, None)
    assert found["abstained_why"] == "Only 33 % of the weight could be judged; half is needed."


def test_it_abstains_when_the_rep_hardly_spoke(score: Kpis) -> None:
    found = score({"rep_words": 29, "open_question_count": 8}, rubric(one(measure="open_question_count", bands=BANDS)))
    assert (found["total"], found["abstained"]) == (None, True)
    assert "29 words" in found["abstained_why"]
    assert found["criteria"][0]["share"] is None


def test_a_fail_caps_the_score(score: Kpis) -> None:
    gates = [{"id": "cap-C09", "label": "x", "when": {"compliance": "C09"}, "cap": 59}]
    kpis = {
        "open_question_count": 9,
        "compliance": [{"id": "C09", "outcome": "fail", "severity": "fail", "at": [3]}],
    }
    found = score(kpis, rubric(one(measure="open_question_count", bands=BANDS), gates=gates))
    assert (found["total"], found["uncapped"], found["capped_by"], found["passed"]) == (59, 100, "cap-C09", False)
    kpis["compliance"] = [{"id": "C09", "outcome": "fail", "severity": "major", "at": [3]}]
    assert score(kpis, rubric(one(measure="open_question_count", bands=BANDS), gates=gates))["total"] == 100


def test_compliance_loses_by_severity(score: Kpis) -> None:
    kpis = {
        "compliance": [
            {"id": "A", "outcome": "fail", "severity": "major", "at": []},
            {"id": "B", "outcome": "fail", "severity": "minor", "at": []},
            {"id": "C", "outcome": "pass", "severity": "fail", "at": []},
            {"id": "D", "outcome": "not_applicable", "severity": "fail", "at": []},
        ]
    }
    assert score(kpis, rubric(one("compliance")))["criteria"][0]["share"] == 0.3  # 1 - 0.5 - 0.2


def test_parts_count_alike_and_missing_ones_are_left_out(score: Kpis) -> None:
    parts = [
        {"measure": "motive_found", "bands": [{"from": 0, "share": 0}, {"from": 1, "share": 1}]},
        {"measure": "open_question_count", "bands": BANDS},
        {"measure": "patience_s", "bands": BANDS},
    ]
    found = score({"motive_found": True, "open_question_count": 4, "patience_s": None}, rubric(one(parts=parts)))
    assert found["criteria"][0]["share"] == 0.8  # (1.0 + 0.6) / 2


@pytest.mark.parametrize(
    ("goal", "share"),
    [
        ({"hit": True, "asked": True, "dated": True}, 1),
        ({"hit": True, "asked": True, "dated": False}, 0.8),
        ({"hit": False, "asked": True, "dated": True}, 0.5),
        ({"hit": False, "asked": True, "dated": False}, 0.3),
        ({"hit": False, "asked": False, "dated": True}, 0),
    ],
)
def test_the_goal_earns_by_how_far_it_came(score: Kpis, goal: dict[str, Any], share: float) -> None:
    found = score(
        {"goal": {"id": "g", **goal}}, rubric(one("goal"), goal={"id": "g", "label": "Goal", "needs_date": True})
    )
    assert found["criteria"][0]["share"] == share


def test_a_criterion_nobody_can_judge_yet_is_left_out(score: Kpis) -> None:
    found = score(
        {"question_count": 9}, rubric(one("judge", name="j"), one(name="q", measure="question_count", bands=BANDS))
    )
    assert [c["points"] for c in found["criteria"]] == [None, 100]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({}, "criteria is missing"),
        ({"criteria": []}, "criteria is missing"),
        (rubric(one(weight=0, measure="question_count", bands=BANDS)), "weight"),
        (rubric(one(measure="charm", bands=BANDS)), "charm"),
        (rubric(one("magic")), "magic"),
    ],
)
def test_a_rubric_that_cannot_score_is_an_error(score: Kpis, bad: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=says):
        score({"question_count": 3}, bad)


def test_labels_and_units_are_the_same_in_sql_and_in_the_rubric_editor(db: None) -> None:
    for name, measure in MEASURES.items():
        assert call_sql("score_measure", name) == [measure.label, measure.unit], name


def test_a_whole_call_scores_by_the_default_scorecard_in_the_published_shapes(kpis: Kpis, score: Kpis) -> None:
    compiled = compile_rubric(find_scenario("S01")).as_json()
    values = kpis(said(*GOOD), compiled)
    KpisShape.model_validate(values)
    found = Score.model_validate(score(values, compiled))
    shares = {c.id: c.share for c in found.criteria}
    assert (
        shares["opening"]
        == shares["agenda"]
        == shares["objections"]
        == shares["compliance"]
        == shares["next-step"]
        == 1
    )
    # Motive found (1.0) and 2 open questions (0.5): 0.75.
    assert shares["depth"] == 0.75
    assert found.total is not None
    for criterion in found.criteria:
        for quote in criterion.evidence:
            assert quote.quote in GOOD[quote.i][3]


def test_the_same_call_scores_the_same(kpis: Kpis, score: Kpis) -> None:
    compiled = compile_rubric(find_scenario("S01")).as_json()
    once, again = (score(kpis(said(*GOOD), compiled), compiled) for _ in range(2))
    assert once == again
