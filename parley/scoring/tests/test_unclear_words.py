"""Where recognition was unsure nothing is held against the rep: what might have been said there is null, not missed."""

from __future__ import annotations

from typing import Any

from parley.scenarios.compliance import pack_for
from parley.scenarios.compliance.packs import frozen_check
from parley.scoring.tests.conftest import Kpis, said

LONG = "Let me walk you through the whole of it, slowly and in order, so that we both look at the same page in the end."


def checks(*ids: str) -> dict[str, Any]:
    pack = pack_for("mortgage")
    assert pack is not None
    return {"compliance": [frozen_check(check, set(), more=[]) for check in pack.checks if check.id in ids]}


def outcomes(kpis: Kpis, transcript: list[dict[str, Any]], rubric: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["outcome"] for check in kpis(transcript, rubric)["compliance"]}


def test_what_was_not_heard_well_breaks_nothing(kpis: Kpis) -> None:
    clear = said(("r", 0, 9, "It is guaranteed."), ("b", 10, 12, "Fine."), ("r", 13, 25, LONG))
    unclear = said(("r", 0, 9, "It is guaranteed.", "unclear"), ("b", 10, 12, "Fine."), ("r", 13, 25, LONG))
    assert outcomes(kpis, clear, checks("C09")) == {"C09": "fail"}
    assert outcomes(kpis, unclear, checks("C09")) == {"C09": "not_applicable"}


def test_what_may_have_been_said_there_is_not_missing(kpis: Kpis) -> None:
    clear = said(("r", 0, 9, "Today it is 6.375 percent. " + LONG), ("b", 10, 12, "Fine."), ("r", 13, 25, LONG))
    unclear = [{**u, "tags": ["unclear"]} if u["i"] == 0 else u for u in clear]
    assert outcomes(kpis, clear, checks("C01", "C05", "C06")) == {"C01": "fail", "C05": "fail", "C06": "fail"}
    # Half of the words were heard well, so NMLS number and notice are missing; the answer with the rate was not.
    assert outcomes(kpis, unclear, checks("C01", "C05", "C06")) == {
        "C01": "fail",
        "C05": "fail",
        "C06": "not_applicable",
    }
    everywhere = [{**u, "tags": ["unclear"]} for u in clear]
    assert set(outcomes(kpis, everywhere, checks("C01", "C05", "C06")).values()) == {"not_applicable"}


def test_a_required_phrase_may_have_been_said_there(kpis: Kpis) -> None:
    rubric = {"phrases": [{"id": "nmls", "label": "NMLS", "say": ["NMLS"]}]}
    assert kpis(said(("r", 0, 9, LONG)), rubric)["phrases"][0]["found"] is False
    assert kpis(said(("r", 0, 9, LONG, "unclear")), rubric)["phrases"][0]["found"] is None
    assert kpis(said(("r", 0, 9, "My NMLS is 4.", "unclear")), rubric)["phrases"][0]["found"] is True


def test_a_step_may_have_been_taken_there(kpis: Kpis) -> None:
    rubric = {"objections": [{"tag": "price", "label": "price", "heard": ["too high"], "answer": [["break even"]]}]}
    turns = [("b", 0, 4, "That is too high.", "objection:price"), ("r", 5, 9, "We have a break even of a year.")]
    clear = kpis(said(*turns), rubric)["objections"][0]
    unclear = kpis(said(turns[0], (*turns[1], "unclear")), rubric)["objections"][0]
    assert (clear["acknowledged"], clear["explored"], clear["answered"], clear["confirmed"]) == (
        False, False, True, False,
    )  # fmt: skip
    assert (unclear["acknowledged"], unclear["explored"], unclear["answered"], unclear["confirmed"]) == (
        None, None, True, None,
    )  # fmt: skip
    assert (clear["share"], unclear["share"]) == (0.4, 1.0)  # 40 of 100; 40 of the 40 that can be told


def test_too_little_said_asks_for_nothing(kpis: Kpis) -> None:
    short = said(("r", 0, 3, "Hello, wrong number, sorry."), ("b", 4, 6, "No problem."))
    assert outcomes(kpis, short, checks("C01", "C05")) == {"C01": "not_applicable", "C05": "not_applicable"}


def test_one_unclear_turn_excuses_nothing_that_is_not_like_it(kpis: Kpis) -> None:
    rubric = {
        "phrases": [{"id": "total", "label": "Costs", "say": ["over the life of the loan"]}],
        "compliance": checks("C01", "C05")["compliance"],
    }
    call = said(("r", 0, 9, LONG), ("b", 10, 12, "Fine."), ("r", 13, 15, "The weather, good or bad.", "unclear"))
    assert kpis(call, rubric)["phrases"][0]["found"] is False
    assert outcomes(kpis, call, rubric) == {"C01": "fail", "C05": "fail"}


def test_a_phrase_may_stand_where_something_like_it_was_heard(kpis: Kpis) -> None:
    rubric = {"phrases": [{"id": "total", "label": "Costs", "say": ["over the life of the loan"]}]}
    call = said(("r", 0, 9, LONG), ("b", 10, 12, "Fine."), ("r", 13, 15, "Over the wife of the alone.", "unclear"))
    clear = [{**u, "tags": []} for u in call]
    assert kpis(call, rubric)["phrases"][0]["found"] is None
    assert kpis(clear, rubric)["phrases"][0]["found"] is False


def test_a_comma_that_the_recogniser_put_in_is_no_word(kpis: Kpis) -> None:
    rubric = {"phrases": [{"id": "costs", "label": "Costs", "say": ["costs sixty two hundred"]}]}
    assert kpis(said(("r", 0, 9, "All the costs, together, are $6200. " + LONG)), rubric)["phrases"][0]["found"] is True
    assert kpis(said(("r", 0, 9, "The costs of all that are $6200. " + LONG)), rubric)["phrases"][0]["found"] is False
