"""Every rubric template: it compiles for every shipped scenario, can be satisfied, and "
"ranks a good call above a poor one."""

from __future__ import annotations

from typing import Any

import pytest

from parley.scenarios.pack import RubricChoice, ScenarioFile, find_scenario, load_packs
from parley.scenarios.rubric import Rubric, compile_rubric, template_names
from parley.scoring.tests.conftest import Kpis, call_sql, said

SCORECARDS = {"mortgage-default", "healthcare-default", "insurance-default"}
METHODS = [name for name in template_names() if name not in SCORECARDS]
PACKS = load_packs()

GOOD: list[tuple[Any, ...]] = [
    ("r", 0, 6, "Hi Marcus, this is Ben Hart with Summit Home Loans. My NMLS is 445566, and this call is recorded."),
    ("b", 6.8, 10, "Hi, this is Marcus Bell. I'm calling around for a rate on a house."),
    ("r", 11, 22, ("Happy to help. What I would like to do today is ask you a few questions for ten "
     "minutes, and at the end of the call "
     "we decide if it makes sense to go on. What would you like to get out of it?")),
    ("b", 22.5, 25, "Just a straight number, really."),
    ("b", 25.5, 29, ("Look, can you just give me your rate? I don't want to tell my life story "
     "first."), "objection:just-the-rate"),
    ("r", 29.8, 35, "Fair question, you want a straight number. What would you compare it with?"),
    ("b", 35.5, 38, "I'd put it next to the other four. I keep a spreadsheet."),
    ("r", 39, 48, ("Makes sense. With twenty percent down we're at 6.375% today, APR of 6.52, no points, "
     "forty-five day lock. Does that help?")),
    ("b", 48.6, 51, "Okay. That's a straight answer, thank you.", "resolved:just-the-rate"),
    ("r", 52, 58, "How long do you plan to stay in the home, and when are you closing?"),
    ("b", 58.5, 62, "About four years, then the kids change schools. We close in thirty-one days.", "topic:horizon"),
    ("r", 62.9, 66, "And what worries you most about this purchase?"),
    ("b", 66.8, 76, "Honestly? In twenty twenty-one our lender changed the rate at the closing table.", "motive"),
    ("r", 76.9, 84, ("I'm sorry, that's rough. Tell me more. What did that cost you, and how did that "
     "affect the two of you?")),
    ("b", 84.5, 90, "Three thousand dollars, and a fight the night before we moved."),
    ("r", 91, 96, "What would it mean to you if the rate in writing today was the rate at the table?"),
    ("b", 96.5, 99, "I'd sleep. That is worth more to me than an eighth."),
    ("r", 100, 108, ("Most buyers don't look at the total cost over the years you keep it. With four years "
     "a point never pays back. "
     "How much cash do you have set aside?")),
    ("b", 108.5, 111, "About ninety-five thousand."),
    ("r", 112, 118, ("Who else decides with you, and how will you decide between the quotes? What matters "
     "most to you?")),
    ("b", 118.5, 123, "My wife and I, this weekend. That it does not change."),
    ("r", 124, 132, ("Rates can change until locked, so we lock once you say go. Let's start the "
     "application tomorrow at ten and go over both quotes. Does that work?")),
    ("b", 132.8, 136, "Okay. Let's do that. I'll forward the other quote.", "goal:application_started"),
    ("r", 137, 141, "Great. Is there anything that could make you change your mind before tomorrow?"),
    ("b", 141.5, 143, "No, I'm good."),
]  # fmt: skip

POOR: list[tuple[Any, ...]] = [
    ("r", 0, 20, ("Hello, we are a great lender with great service, we have been in business for many "
     "years and our customers love us, "
     "and we have conventional, FHA and VA loans and jumbo loans too, and our app is really easy.")),
    ("b", 19, 23, "Can you just give me your rate?", "objection:just-the-rate"),
    ("r", 22, 45, ("Our rate is really good, it is about six and a quarter, and we close fast, our "
     "processing is all in house, and we have a great team, "
     "and you can upload everything in our app, and everybody gets a dedicated person, so "
     "it really is very simple with us.")),
    ("b", 45.5, 48, "And what about the points on that?"),
    ("r", 48.2, 60, ("Do not worry about that. It is a good deal. Other lenders are slow and they hide "
     "fees and you will regret it.")),
    ("b", 61, 63, "Okay, I'll think about it."),
    ("r", 63.1, 66, "Sure, just give us a call some time."),
]  # fmt: skip


def compiled(name: str, scenario: ScenarioFile) -> Rubric:
    return compile_rubric(scenario.model_copy(update={"rubric": RubricChoice(base=name)}))


def test_all_methods_of_the_handbook_ship() -> None:
    assert METHODS == ["challenger", "laer", "meddic", "sandler", "spin"]


@pytest.mark.parametrize("name", METHODS)
def test_it_compiles_for_every_shipped_scenario_and_weighs_100(name: str) -> None:
    for scenario in PACKS:
        rubric = compiled(name, scenario)
        assert len(rubric.criteria) <= 9, "managers see at most nine rows"
        weights = {c.id: c.weight for c in rubric.criteria}
        assert sum(weights.values()) == 100, (scenario.code, weights)
        judged = sum(c.weight for c in rubric.criteria if c.kind == "judge")
        assert judged < 50, "without a language model half of the weight must still be judged"
        assert rubric.gates, "a method does not excuse breaking the law"


@pytest.mark.parametrize("name", METHODS)
def test_who_does_all_it_asks_earns_everything(kpis: Kpis, score: Kpis, name: str) -> None:
    _do_all(kpis, score, name, PACKS[:1])


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS)
def test_who_does_all_it_asks_earns_everything_in_every_scenario(kpis: Kpis, score: Kpis, name: str) -> None:
    _do_all(kpis, score, name, PACKS[1:])


def _do_all(kpis: Kpis, score: Kpis, name: str, scenarios: list[ScenarioFile]) -> None:
    for scenario in scenarios:
        rubric = compiled(name, scenario)
        found = score(_with_verdicts(kpis(_call_that_does_all(rubric), rubric.as_json()), rubric, 4), rubric.as_json())
        missed = {c["id"]: c["why"] for c in found["criteria"] if c["share"] != 1}
        assert not missed, (scenario.code, missed)
        # A call strung together of every objection goes on after "stop calling", which rightly caps it.
        assert found["uncapped"] == 100, scenario.code
        assert found["capped_by"] in (None, "cap-C04"), (scenario.code, found["capped_by"])


@pytest.mark.parametrize("name", METHODS)
def test_a_good_call_ranks_far_above_a_poor_one(kpis: Kpis, score: Kpis, name: str) -> None:
    rubric = compiled(name, find_scenario("S01"))
    data = rubric.as_json()
    good, poor = kpis(said(*GOOD), data), kpis(said(*POOR), data)
    alone = score(good, data), score(poor, data)
    assert alone[0]["total"] >= 75, {c["id"]: c["why"] for c in alone[0]["criteria"]}
    assert alone[1]["total"] <= 35, {c["id"]: c["why"] for c in alone[1]["criteria"]}
    judged = score(_with_verdicts(good, rubric, 4), data), score(_with_verdicts(poor, rubric, 0), data)
    assert judged[0]["total"] - judged[1]["total"] >= 50


def _with_verdicts(values: dict[str, Any], rubric: Rubric, verdict: int) -> dict[str, Any]:
    judged = [
        {"id": c.id, "score": verdict, "quote": "x", "i": 0, "start_ms": 0, "end_ms": 1, "model": "m", "why": ""}
        for c in rubric.criteria
        if c.kind == "judge"
    ]
    return {**values, "judged": judged}


def _call_that_does_all(rubric: Rubric) -> list[dict[str, Any]]:
    """A call made of the rubric's own words: what can be asked for is done once, each objection in all five steps."""
    assert rubric.goal is not None
    opening = [p for p in rubric.phrases if p.within == "opening"]
    turns: list[tuple[str, str]] = [("r", ". ".join(_spoken(p.say[0]) for p in opening))] + [
        ("r", _spoken(p.say[0])) for p in rubric.phrases if p.when is None and p not in opening
    ]
    for topic in rubric.topics:
        turns += [("r", f"{_spoken(topic.ask[0])}?"), ("b", "Well, this and that.")]
    if rubric.motive:
        turns += [("r", "What worries you?"), ("b", rubric.motive.heard[0])]
    for word in ("garden", "kitchen", "balcony"):
        turns += [("b", f"We care about the {word}."), ("r", f"What about the {word}?")]
    for objection in rubric.objections:
        explore = objection.explore[0] if objection.explore else "what would you compare it with"
        acknowledge = (*rubric.common.acknowledge, *objection.acknowledge)[0]
        confirm = (*rubric.common.confirm, *objection.confirm)[0]
        answers = ". ".join(_spoken(idea[0]) for idea in objection.answer)
        turns += [
            ("b", objection.heard[0]),
            ("r", f"{acknowledge}. {_spoken(explore)}?"),
            ("b", "Let me see."),
            ("r", f"{answers}. That is the annual percentage rate. {confirm}?"),
            ("b", "Fine."),
        ]
    turns += [("r", f"{_spoken(rubric.goal.ask[0])} tomorrow at ten?"), ("b", "Yes, sounds good.")]
    return said(*[(who, 6.0 * n, 6.0 * n + 5, text) for n, (who, text) in enumerate(turns)])


def _spoken(phrase: str) -> str:
    return phrase.replace("…", "ten")


@pytest.mark.parametrize("name", template_names())
def test_the_score_needs_none_of_the_wordings(kpis: Kpis, score: Kpis, name: str) -> None:
    data = compiled(name, find_scenario("S01")).as_json()
    slim = call_sql("score_rubric", data)
    assert len(str(slim)) < len(str(data)) / 3
    for turns in (GOOD, POOR):
        values = kpis(said(*turns), data)
        assert score(values, slim) == score(values, data)
