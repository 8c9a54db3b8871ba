"""The branching format is documented, published, and refuses what could not work."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from parley.buyer import branching
from parley.buyer.branching import Branching
from parley.buyer.schema import PAGE, PUBLISHED, page_with, schema_text, tables_text
from parley.scenarios.pack import find_scenario

MODELS = [
    m for name in branching.__all__ if isinstance(m := getattr(branching, name), type) and issubclass(m, BaseModel)
]


def test_the_published_schema_is_up_to_date() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run: python -m parley.buyer.schema"


def test_the_published_tables_are_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with(tables_text(), page), "run: python -m parley.buyer.schema"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_field_says_what_it_means_and_shows_an_example(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name} has no description"
        assert field.examples, f"{model.__name__}.{name} has no example"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_the_reference_has_a_line_for_every_field(model: type[BaseModel]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [name for name in model.model_fields if f"`{name}`" not in text]
    assert not missing, f"docs/reference/branching.md lacks {model.__name__}: {missing}"


def test_the_example_in_the_reference_is_valid() -> None:
    text = PAGE.read_text(encoding="utf-8")
    example = text.split("```yaml", 1)[1].split("```", 1)[0]
    assert Branching.model_validate(yaml.safe_load(example)).topics


def _data() -> dict[str, Any]:
    return find_scenario("S01").branching.model_dump()


def _refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        Branching.model_validate(data)
    return str(caught.value)


def test_it_survives_a_round_trip() -> None:
    scenario = find_scenario("S01")
    assert Branching.model_validate_json(scenario.branching.model_dump_json()) == scenario.branching


def test_a_line_without_an_end_is_refused() -> None:
    data = _data()
    data["topics"][0]["says"][0] = "Four twenty-five"
    assert "must end with a full stop" in _refusal(data)


def test_a_fallback_that_does_not_name_the_words_is_refused() -> None:
    data = _data()
    data["fallback"] = ["I don't follow."]
    assert "must name the rep's words" in _refusal(data)


def test_two_topics_of_one_name_are_refused() -> None:
    data = _data()
    data["topics"][1]["id"] = data["topics"][0]["id"]
    assert "more than once" in _refusal(data)


def test_a_motive_that_nothing_brings_out_is_refused() -> None:
    data = _data()
    data["motive"]["cues"] = []
    for topic in data["topics"]:
        topic["opens_motive"] = False
    assert "nothing brings out the motive" in _refusal(data)


def test_more_discovery_than_there_is_cannot_be_needed() -> None:
    data = _data()
    data["motive"]["needs"] = 99
    assert "motive.needs=99" in _refusal(data)


def test_an_objection_that_can_never_come_up_is_refused() -> None:
    data = _data()
    data["objections"][0]["trigger"] = {}
    assert "never raised" in _refusal(data)


def test_an_answer_that_can_never_be_enough_is_refused() -> None:
    data = _data()
    data["objections"][0]["resolve"]["answer_needed"] = 9
    assert "can never be met" in _refusal(data)


def test_an_unknown_patience_cost_lists_the_known_ones() -> None:
    data = _data()
    data["patience"]["costs"] = {"sneezing": 3}
    assert "dodged" in _refusal(data)
