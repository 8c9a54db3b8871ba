"""The reader can redo the sum with the numbers on the page, and a call with too little speech says so everywhere."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import connection

from parley.core.tenancy import acting_as_service
from parley.scoring.arithmetic import Arithmetic, arithmetic_of
from parley.scoring.tests.calls import GOOD, finished_call
from parley.scoring.tests.conftest import Kpis, call_sql, write_facts
from parley.scoring.tests.test_scores import BANDS, one, rubric
from parley.scoring.tests.test_scoring_an_attempt import browser, score
from tests.support.cast import Cast

CENT = Decimal("0.01")


def redo(sum_: Arithmetic) -> Decimal:
    """The total by hand, from the text that the page shows."""
    points = []
    for row in sum_.rows:
        weight, *rest = (Decimal(number) for number in re.findall(r"[\d.]+", row.formula))
        value = weight * rest[-1] if len(rest) == 1 else weight / rest[0] * rest[1] * rest[-1]
        assert value.quantize(CENT, ROUND_HALF_UP) == Decimal(row.points), row
        points.append(Decimal(row.points))
    added, _, told = sum_.sum_line.partition(" = ")
    assert [Decimal(part) for part in added.split(" + ")] == points
    assert sum(points) == Decimal(told)
    return sum(points, Decimal(0)).quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize("weights", [(30, 10, 7), (20, 50, 30), (1, 1, 1), (13.5, 86.5, 20)])
@pytest.mark.parametrize("values", [(4, 3, 9), (0, 7, 5), (1, 2, None), (8, None, 8)])
def test_the_sum_can_be_redone(score: Kpis, weights: tuple[float, ...], values: tuple[float | None, ...]) -> None:
    measures = ("question_count", "open_question_count", "follow_up_count")
    by = rubric(*(one(weight=w, name=m, measure=m, bands=BANDS) for w, m in zip(weights, measures, strict=True)))
    found = score(dict(zip(measures, values, strict=True)), by)
    sum_ = arithmetic_of(found, by)
    if found["abstained"]:
        assert "So there is no score." in sum_.steps[0]
    else:
        assert redo(sum_) == Decimal(str(found["total"]))
    assert len(sum_.left_out) == sum(value is None for value in values)


def test_a_cap_a_lifted_cap_and_a_persons_share_are_said(db: None) -> None:
    gates = [{"id": "cap-C09", "label": "No guarantee", "when": {"compliance": "C09"}, "cap": 59}]
    by = rubric(one(measure="question_count", bands=BANDS), gates=gates)
    kpis: dict[str, Any] = {
        "question_count": 8,
        "compliance": [{"id": "C09", "outcome": "fail", "severity": "fail", "at": [3]}],
    }
    capped = arithmetic_of(call_sql("compute_score", kpis, by), by).steps
    assert capped[1] == "No guarantee: broken, which caps the score at 59; the lower of 100 and 59 is 59."
    assert capped[2] == "The pass mark is 75: not reached with 59."
    lifted = arithmetic_of(call_sql("compute_score", kpis, by, {"gate:cap-C09": 1, "a": 0.9}), by)
    assert lifted.steps[1:] == [
        "Lifted by a person, so it caps nothing: No guarantee.",
        "The pass mark is 75: reached with 90.",
        "Without what people decided it would be: 59.",
    ]
    assert lifted.rows[0].note == "Decided by a person; computed: share 1, 100 points."


def test_the_page_shows_a_sum_that_comes_out(cast: Cast) -> None:
    attempt = score(finished_call(cast))
    assert attempt.score_breakdown is not None
    assert redo(arithmetic_of(attempt.score_breakdown, attempt.rubric)) == attempt.score
    page = browser(cast.ben).get(f"/attempts/{attempt.pk}/").content.decode()
    assert "How this score was made" in page
    assert arithmetic_of(attempt.score_breakdown, attempt.rubric).sum_line in page
    assert "Share: (" in page


def test_too_little_speech_is_not_judged_on_the_page_in_lists_or_in_facts(cast: Cast) -> None:
    attempt = score(finished_call(cast, GOOD[:2]))
    assert attempt.score is None
    page = browser(cast.ben).get(f"/attempts/{attempt.pk}/").content.decode()
    assert "from 30 on a call is judged" in page
    assert "So there is no score." in page
    assert "not enough to judge" in page, "in the list of calls at this scenario"
    for address in ("/attempts/", "/dashboard/", f"/scenarios/{cast.scenario.key}/"):
        listed = browser(cast.ben).get(address).content.decode()
        assert "not enough to judge" in listed, address
        assert 'pill-score" data-band="poor"' not in listed, address
    assert write_facts() == 1
    with acting_as_service("a test looks"), connection.cursor() as cursor:
        cursor.execute(
            "select score, passed, abstained from fact_scenario_attempts where attempt_id = %s", [attempt.pk]
        )
        assert cursor.fetchone() == (None, None, True)
