"""A scenario is drafted from an imported call, in the customer's own words, and nobody can practise it yet."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.test import Client
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel

from parley.buyer.brief import BuyerBrief
from parley.buyer.protocol import RepTurn
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.settings import LLMSettings
from parley.calls import importing
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as, acting_as_service
from parley.scenarios.models import Scenario
from parley.scoring import actions
from parley.scoring.drafting.action import draft_scenario
from parley.scoring.jobs import draft_scenario_job
from parley.scoring.tests.calls import GOOD
from parley.scoring.tests.conftest import said
from tests.support.cast import Cast, Person

DOUBT = "I don't want anybody in my papers before I know the fee."
CALL = [*GOOD[:12], ("r", 64.9, 70, "That makes sense, and I can see why."), ("b", 71, 76, DOUBT), *GOOD[14:]]
DRAFT: dict[str, Any] = {
    "name": "Marcus Bell",
    "mood": "direct, counts every dollar",
    "motive": "In twenty twenty-one our lender changed the rate at the closing table.",
    "facts": {
        "time horizon": "About four years, then the kids change schools anyway.",
        "income": "Nine thousand a month.",
    },
    "opening": "Hi, this is Marcus Bell. I'm calling around for a rate on a house.",
    "objections": [
        {
            "label": "no papers before the fee",
            "line": DOUBT,
            "explore": ["which papers do you mean"],
            "answer": ["the fee is 312"],
        },
        {
            "label": "too far away",
            "line": "Your office is too far away for me.",
            "explore": ["why is that"],
            "answer": ["we come to you"],
        },
    ],
}


def imported(cast: Cast, who: Person) -> Attempt:
    """A real call that this person uploaded, scored."""
    with acting_as(who.member):
        attempt = importing.start_import(cast.scenario, by=who.member, consent_text="yes")
    importing.finish_import(attempt.pk, said(*CALL), sound=None, by="")
    with acting_as_service("a test scores"):
        actions.score_attempt(attempt.pk)
    return attempt


def drafted(attempt: Attempt, who: Person, model: Any = None) -> Scenario:
    settings = LLMSettings(model="double") if model else None
    found = draft_scenario(attempt.pk, by=who.user.pk, settings=settings, model_of=(lambda: model) if model else None)
    assert found is not None
    return found


def model_that_says(draft: dict[str, Any]) -> FunctionModel:
    async def words(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        yield json.dumps(draft)

    return FunctionModel(stream_function=words)


def test_rules_draft_persona_opening_and_objections_from_the_words(cast: Cast) -> None:
    draft = drafted(imported(cast, cast.ana), cast.ana)
    assert (draft.status, draft.persona["name"]) == ("draft", "Marcus Bell")
    assert draft.branching["opening"] == ["Hi, this is Marcus Bell. I'm calling around for a rate on a house."]
    lines = [objection["lines"][0] for objection in draft.branching["objections"]]
    assert DOUBT in lines
    assert any("just give me your rate" in line for line in lines)
    assert "our lender changed the rate" in draft.persona["hidden_motive"]
    assert [o["tag"] for o in draft.rubric["objections"]] == [o["tag"] for o in draft.branching["objections"]]


def test_the_draft_can_be_played(cast: Cast) -> None:
    draft = drafted(imported(cast, cast.ana), cast.ana)
    brief = BuyerBrief(
        scenario_key=draft.key, title=draft.title, persona=draft.persona, branching=draft.branching, seed=5
    )
    buyer = ScriptedBuyer(brief)
    heard = " ".join(part.text for part in buyer.open())
    for n, topic in enumerate(brief.branching.topics[:10]):
        turn = RepTurn(f"{topic.ask[0].capitalize()}?", 9.0 * n + 4, 9.0 * n + 7)
        heard += " " + " ".join(part.text for part in buyer.answer(turn))
    assert "Marcus Bell" in heard
    assert DOUBT in heard


def test_a_models_draft_keeps_only_what_was_said(cast: Cast) -> None:
    draft = drafted(imported(cast, cast.ana), cast.ana, model_that_says(DRAFT))
    assert draft.persona["mood"] == "direct, counts every dollar"
    assert draft.persona["facts"] == {"time horizon": DRAFT["facts"]["time horizon"]}
    (objection,) = draft.branching["objections"]
    assert objection["lines"][0] == DOUBT
    assert objection["resolve"]["explore"] == ["which papers do you mean"]
    assert "312" not in json.dumps(draft.branching["objections"]), "a figure that nobody named"


def test_a_model_that_invents_the_call_is_not_used(cast: Cast) -> None:
    made_up = {**DRAFT, "opening": "Good morning from the moon.", "objections": [], "facts": {}}
    draft = drafted(imported(cast, cast.ana), cast.ana, model_that_says(made_up))
    assert DOUBT in [objection["lines"][0] for objection in draft.branching["objections"]]


def test_asking_twice_gives_the_same_draft_and_nobody_can_practise_it(cast: Cast) -> None:
    attempt = imported(cast, cast.ana)
    first = drafted(attempt, cast.ana)
    assert drafted(attempt, cast.ana).pk == first.pk
    for who, sees in ((cast.ben, False), (cast.hana, False), (cast.carla, False), (cast.omar, True)):
        with acting_as(who.member):
            assert Scenario.objects.filter(pk=first.pk).exists() is sees, "a draft holds words of a private call"
            assert first.key not in [scenario.key for scenario in Scenario.objects.published()]


def test_an_author_asks_on_the_page_and_sees_the_draft(cast: Cast) -> None:
    attempt = imported(cast, cast.ana)
    client = Client()
    client.force_login(cast.ana.identity)
    address = f"/attempts/{attempt.pk}/scenario/"
    assert address in client.get(f"/attempts/{attempt.pk}/").content.decode()
    assert "Draft a scenario" in client.get(address).content.decode()
    answer = client.post(address)
    assert answer["Location"] == f"{address}?wait"
    assert "being drafted" in client.get(answer["Location"]).content.decode()
    draft_scenario_job(attempt_id=str(attempt.pk), user_id=str(cast.ana.user.pk))
    page = client.get(answer["Location"]).content.decode()
    assert "Marcus Bell" in page
    assert "hx-trigger" not in page


@pytest.mark.parametrize("who", ["ben", "hana", "carla"])
def test_who_writes_no_scenarios_or_does_not_see_the_call_gets_nothing(cast: Cast, who: str) -> None:
    person = cast.people()[who]
    attempt = imported(cast, cast.ben if who == "ben" else cast.ana)
    client = Client()
    client.force_login(person.identity)
    for ask in (client.get, client.post):
        assert ask(f"/attempts/{attempt.pk}/scenario/").status_code == 404
