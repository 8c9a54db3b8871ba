"""The playbook is documented, fits its scenario, and says things in words of its own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from parley.scenarios.copying import copied_lines
from parley.scenarios.pack import PACKS_DIR, PackError, ScenarioFile, load_packs, load_scenario
from parley.scenarios.playbook import Playbook
from parley.scenarios.schema import PAGE, PARTS, PUBLISHED, page_text, schema_text

S01 = PACKS_DIR / "mortgage" / "s01-inbound-rate-shopper.yaml"
WITH_PLAYBOOK = [scenario for scenario in load_packs() if scenario.playbook]


def test_the_published_schema_and_tables_are_up_to_date() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run: python -m parley.scenarios.schema"
    assert PAGE.read_text(encoding="utf-8") == page_text(), "run: python -m parley.scenarios.schema"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_says_what_it_means_and_shows_an_example(part: type[BaseModel]) -> None:
    for name, field in part.model_fields.items():
        assert field.description, f"{part.__name__}.{name} has no description"
        assert field.examples, f"{part.__name__}.{name} has no example"


def test_the_example_on_the_page_is_a_playbook() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("```yaml\n")
    data = yaml.safe_load(rest.partition("```")[0])["playbook"]
    data["questions"] = [{**data["questions"][0], "topic": f"topic-{n}"} for n in range(3)]
    assert Playbook.model_validate(data).close.wrap


@pytest.mark.parametrize("scenario", WITH_PLAYBOOK, ids=lambda s: s.code)
def test_a_playbook_does_not_recite_what_the_buyer_and_the_rubric_listen_for(scenario: ScenarioFile) -> None:
    copied = copied_lines(scenario)
    assert not copied, f"say it in other words: {copied}"


def _broken(tmp_path: Path, change: dict[str, Any]) -> str:
    data = yaml.safe_load(S01.read_text(encoding="utf-8"))
    data["playbook"] = copy.deepcopy(data["playbook"]) | change
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_scenario(path)
    return str(refused.value)


def test_a_question_about_a_topic_that_is_not_there_is_refused(tmp_path: Path) -> None:
    question = {"ask": ["What is it?", "Which one?"], "weak": ["It is, right?"]}
    said = _broken(tmp_path, {"questions": [{**question, "topic": name} for name in ("price", "income", "weather")]})
    assert "'weather'" in said


def test_an_objection_without_a_handling_is_refused(tmp_path: Path) -> None:
    assert "'just-the-rate'" in _broken(tmp_path, {"objections": {}})


def test_a_list_with_one_wording_is_refused(tmp_path: Path) -> None:
    assert "playbook.pitch" in _broken(tmp_path, {"pitch": ["We are great."]})


def test_a_copied_line_is_found() -> None:
    scenario = load_scenario(S01)
    assert scenario.playbook is not None
    line = "So tell me, how long do you plan to stay in the home?"
    close = scenario.playbook.close.model_copy(update={"propose": [line, line]})
    own = scenario.model_copy(update={"playbook": scenario.playbook.model_copy(update={"close": close})})
    assert copied_lines(own)[0] == (line, "how long do you plan to stay in the home")
