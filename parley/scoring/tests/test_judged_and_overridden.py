"""Criteria that a language model judged, single steps of objections, and shares that people decided."""

from __future__ import annotations

from typing import Any

import pytest

from parley.scenarios.rubric import RubricError, load_rubric
from parley.scoring.shapes import Score
from parley.scoring.tests.conftest import Kpis, call_sql
from parley.scoring.tests.test_scores import BANDS, one, rubric

VERDICT = {
    "id": "j", "score": 3, "quote": "what did that cost you", "i": 4, "start_ms": 1000, "end_ms": 2000,
    "model": "m", "prompt_version": "judge_v1", "why": "The buyer named three thousand dollars",
}  # fmt: skip
JUDGE = one("judge", weight=10, name="j", anchors=["none", "tried", "partly", "done", "done well"])
QUESTIONS = one(weight=30, name="q", measure="question_count", bands=BANDS)


def test_a_verdict_with_a_quote_earns_its_share_and_shows_the_words(score: Kpis) -> None:
    found = score({"question_count": 8, "judged": [VERDICT]}, rubric(QUESTIONS, JUDGE))
    row = found["criteria"][1]
    assert (row["value"], row["unit"], row["share"], row["points"]) == (3, "of 4", 0.75, 18.75)
    assert row["why"] == "3 of 4: done. The buyer named three thousand dollars"
    assert row["evidence"] == [{"i": 4, "start_ms": 1000, "end_ms": 2000, "quote": "what did that cost you"}]
    assert found["total"] == 93.8


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"quote": None}, "no words of the call could be quoted"),
        ({"i": None}, "no words of the call could be quoted"),
        ({"score": None}, "no words of the call could be quoted"),
        ({"score": 5}, "no words of the call could be quoted"),
        ({"id": "another"}, "nobody read this call"),
    ],
)
def test_without_a_quote_or_a_verdict_it_is_left_out(score: Kpis, change: dict[str, Any], says: str) -> None:
    found = score({"question_count": 8, "judged": [VERDICT | change]}, rubric(QUESTIONS, JUDGE))
    assert found["criteria"][1]["points"] is None
    assert says in found["criteria"][1]["why"]
    assert found["total"] == 100


def test_a_verdict_counts_after_its_words_were_forgotten(score: Kpis) -> None:
    forgotten = call_sql("blank_quotes", {"question_count": 8, "judged": [VERDICT]})
    assert score(forgotten, rubric(QUESTIONS, JUDGE))["criteria"][1]["share"] == 0.75


def test_single_steps_of_objections_count_alone(score: Kpis) -> None:
    values = {
        "objection_share": 0.5,
        "objections": [
            {"tag": "a", "listened": None, "acknowledged": True, "explored": False, "confirmed": False},
            {"tag": "b", "listened": None, "acknowledged": True, "explored": True, "confirmed": False},
        ],
    }  # fmt: skip
    steps = {"explored": 0.5, "acknowledged": 1, "confirmed": 0, "listened": None}
    found = score(values, rubric(*(one("objection", name=step, steps=[step]) for step in steps)))
    assert {c["id"]: c["share"] for c in found["criteria"]} == steps
    assert found["criteria"][0]["why"] == "a: nothing; missing explored. b: explored."
    assert score(values, rubric(one("objection")))["criteria"][0]["share"] == 0.5
    assert score(values | {"objections": []}, rubric(QUESTIONS, one("objection", steps=["explored"])))["abstained"]


def test_a_persons_share_counts_and_what_was_computed_stays_beside_it(score: Kpis) -> None:
    values = {"question_count": 4, "open_question_count": 8}
    by = rubric(QUESTIONS, one(weight=10, name="o", measure="open_question_count", bands=BANDS))
    before = score(values, by)
    found = Score.model_validate(call_sql("compute_score", values, by, {"q": 1}))
    assert (before["total"], found.total, found.passed) == (70, 100, True)
    assert found.computed is not None
    assert (found.computed.total, found.computed.passed) == (70, False)
    row = found.criteria[0]
    assert row.computed is not None
    assert (row.share, row.points, row.computed.share, row.computed.points) == (1, 75, 0.6, 45)
    assert found.criteria[1].computed is None
    assert call_sql("compute_score", values, by, {}) == before


def test_a_person_may_decide_what_could_not_be_judged(score: Kpis) -> None:
    found = call_sql("compute_score", {"question_count": 8}, rubric(QUESTIONS, JUDGE), {"j": 0.5})
    assert [(c["weight"], c["points"]) for c in found["criteria"]] == [(75, 75), (25, 12.5)]
    assert found["criteria"][1]["computed"] == {"weight": 0, "share": None, "points": None}


def test_nobody_can_decide_a_call_in_which_too_little_was_said(score: Kpis) -> None:
    found = call_sql("compute_score", {"question_count": 8, "rep_words": 5}, rubric(QUESTIONS), {"q": 1})
    assert found["abstained"] is True
    assert found["criteria"][0]["share"] is None


def test_a_lifted_cap_no_longer_holds_and_says_so(score: Kpis) -> None:
    gates = [{"id": "cap-C09", "label": "x", "when": {"compliance": "C09"}, "cap": 59}]
    values = {"question_count": 8, "compliance": [{"id": "C09", "outcome": "fail", "severity": "fail", "at": [3]}]}
    found = call_sql("compute_score", values, rubric(QUESTIONS, gates=gates), {"gate:cap-C09": 1})
    Score.model_validate(found)
    assert (found["total"], found["capped_by"], found["lifted"]) == (100, None, ["cap-C09"])
    assert (found["computed"]["total"], found["computed"]["capped_by"]) == (59, "cap-C09")


def test_a_judge_without_anchors_of_its_own_gets_the_common_ones() -> None:
    loaded = load_rubric(rubric(QUESTIONS, one("judge", name="j")))
    assert loaded.criteria[1].anchors[0] == "Absent"
    assert len(loaded.criteria[1].anchors) == 5


@pytest.mark.parametrize(
    ("criterion", "says"),
    [
        (one("judge", name="j", anchors=["a", "b", "c"]), "needs five anchors"),
        (QUESTIONS | {"anchors": ["a", "b", "c", "d", "e"]}, "takes no anchors"),
        (QUESTIONS | {"steps": ["explored"]}, "takes no steps"),
        (one("objection", steps=["charmed"]), "steps"),
    ],
)
def test_anchors_and_steps_are_checked(criterion: dict[str, Any], says: str) -> None:
    with pytest.raises(RubricError, match=says):
        load_rubric(rubric(QUESTIONS | {"id": "other"}, criterion))
