"""The scenario packs load, hold what the domain says, and carry a whole call; a broken file says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from parley.buyer.common import small_talk_of
from parley.buyer.scripted import fixed_lines
from parley.buyer.tests.reps import BadRep, GoodRep, hold, more_seeds
from parley.buyer.wording import key, sentences
from parley.scenarios.pack import (
    PACKS_DIR,
    VERTICALS,
    PackError,
    ScenarioFile,
    find_scenario,
    load_packs,
    load_scenario,
)

SCENARIOS = load_packs()
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
S01 = PACKS_DIR / "mortgage" / "s01-inbound-rate-shopper.yaml"


def test_each_code_says_its_vertical_and_starts_its_key() -> None:
    letters = {"mortgage": "S", "healthcare": "H", "technology": "T", "insurance": "I"}
    for scenario in SCENARIOS:
        assert scenario.code[0] == letters[scenario.vertical]
        assert scenario.key.startswith(f"{scenario.code.lower()}-")


@each_scenario
@pytest.mark.parametrize("seed", [1, *more_seeds(2, 3, 11)])
def test_a_good_rep_reaches_the_goal(scenario: ScenarioFile, seed: int) -> None:
    brief = scenario.buyer_brief(seed=seed)
    held = hold(brief, GoodRep(brief.branching))
    assert held.end == "goal", held.turns[-3:]
    assert f"goal:{scenario.goal.id}" in held.tags
    assert "motive" in held.tags
    assert any(tag.startswith("resolved:") for tag in held.tags)


@each_scenario
@pytest.mark.parametrize("seed", [1, *more_seeds(2, 3)])
def test_a_bad_rep_loses_the_buyers_patience(scenario: ScenarioFile, seed: int) -> None:
    held = hold(scenario.buyer_brief(seed=seed), BadRep())
    assert held.end in ("patience", "goodbye")
    assert not any(tag.startswith("goal:") for tag in held.tags)
    assert "motive" not in held.tags


@each_scenario
def test_it_is_rich_enough_for_a_natural_call(scenario: ScenarioFile) -> None:
    b = scenario.branching
    assert 14 <= len(b.topics) <= 25
    assert all(2 <= len(t.says) <= 4 and len(t.ask) >= 3 and t.gist for t in b.topics)
    assert 3 <= len(b.objections) <= 4
    assert all(
        len(o.lines) >= 3 and len(o.outcomes.explored) >= 2 and len(o.outcomes.answered) >= 2 for o in b.objections
    )
    assert len(b.remarks) >= 10
    assert len(b.carry_on) >= 8
    assert {"greeting", "recording", "identity", "thanks", "repeat", "can-you-hear"} <= set(small_talk_of(b))


@each_scenario
def test_no_sentence_stands_in_two_lines(scenario: ScenarioFile) -> None:
    """A sentence is spoken once in a call, so a shared one would block the other line."""
    b = scenario.branching
    lines = [line for t in b.topics for line in t.says]
    lines += [line for r in b.remarks for line in r.says]
    lines += [line for o in b.objections for line in o.lines]
    lines += [line for o in b.objections for line in (*o.outcomes.explored, *o.outcomes.answered)]
    lines += [line for o in b.objections for line in (*o.outcomes.dodged, *o.outcomes.pressured)]
    lines += [*b.motive.says, *b.closing.accept, *b.closing.hesitate, *b.closing.when, *b.carry_on]
    told = [key(s) for line in lines for s in sentences(line) if len(s.split()) > 3]
    twice = sorted({s for s in told if told.count(s) > 1})
    assert not twice, f"write these differently: {twice}"


@each_scenario
def test_lines_are_written_for_the_ear(scenario: ScenarioFile) -> None:
    spoken = fixed_lines(scenario.buyer_brief(seed=1))
    with_digits = [s for s in spoken if any(c.isdigit() for c in s)]
    assert not with_digits, f"write numbers in words: {with_digits}"
    unspeakable = [s for s in spoken if any(word in s for word in ("APR", "HOA", "%", "$", "&", "/"))]
    assert not unspeakable, f"write as spoken, for example A P R: {unspeakable}"


@each_scenario
def test_the_voice_fits_the_persona(scenario: ScenarioFile) -> None:
    voice = scenario.persona.voice
    if scenario.persona.gender == "woman":
        assert 1.5 <= voice.pitch <= 1.8
        assert 1.1 <= voice.formants <= 1.2
    else:
        assert 0.8 <= voice.pitch <= 1.05
        assert 0.9 <= voice.formants <= 1.05


def test_personas_do_not_all_sound_alike() -> None:
    voices = {(s.persona.voice.pace, s.persona.voice.pitch, s.persona.voice.formants) for s in SCENARIOS}
    assert len(voices) == len(SCENARIOS)


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("S01", ["four hundred twenty-five thousand", "seven sixty-two", "thirty-one days", "six point one two five"]),
        ("S02", ["three hundred thirty thousand", "seven twelve", "eighteen thousand five hundred", "two eighty-five"]),
        ("S03", ["two hundred eighty-five thousand", "six thirty-four", "six thousand three hundred"]),
        ("S04", ["three ninety-five", "six eighty-eight", "eighty-six fifty", "six twenty", "thirty percent"]),
        ("S05", ["two hundred forty thousand", "six seventy-one", "five thousand six hundred", "eleven thousand"]),
        ("S06", ["five hundred sixty thousand", "seven twenty-eight", "twenty-six thousand", "seventy-one"]),
        ("S07", ["three hundred fifty-six thousand", "seven forty-four", "four fifty-five", "twenty-five ten"]),
        (
            "S08",
            ["thirty-five for the kitchen", "three and a quarter", "four hundred eighty thousand", "seven twenty-six"],
        ),
        ("S09", ["five ninety-one", "sixty-one hundred", "eighty-eight percent", "fourteen thousand"]),
        ("S10", ["Twenty-two", "four hundred ten thousand", "six days late"]),
        ("S11", ["three eighty-eight", "three days", "three hundred ten thousand two hundred fifty", "four days"]),
        ("S12", ["three ninety-two", "Friday at five", "sixty-two thousand", "under five thousand", "four ten"]),
        ("S13", ["five point eight seven five", "Nine-tenths", "Seven eighty-one", "two hundred ninety", "nine years"]),
        ("S14", ["three ten", "twenty-one fifty", "seven thirty-five", "nine months", "twenty-six"]),
        ("S15", ["ninety-six thousand", "six hundred ten", "forty-three hundred", "sixty-eight", "eighteen thousand"]),
        (
            "S16",
            [
                "one hundred eleven thousand",
                "three and an eighth",
                "sixty-nine hundred",
                "eighteen fifty",
                "seventy-eight",
            ],
        ),
        (
            "S17",
            ["four sixty-eight", "fourteen thousand and forty", "seven forty-eight", "twelve four", "eight ninety"],
        ),
        ("H01", ["forty-eight", "five months", "value analysis", "frozen"]),
        ("H02", ["eleven hours a week", "preserved", "ejection fraction"]),
        ("H03", ["nine providers", "fourteen percent", "three weeks"]),
        ("T01", ["sixty agents", "eleven days", "six weeks"]),
        ("T02", ["three hundred twenty", "seventy-four days", "eight weeks", "forty-four"]),
        ("I01", ["eleven weeks", "half a million", "thirty years", "two hundred thirty"]),
        ("I02", ["two months", "end of June", "Eliquis", "Okafor"]),
        ("S18", ["three seventy-five", "Seven oh five", "nine thousand one hundred", "six ten"]),
    ],
)
def test_buyers_state_the_figures_of_the_domain(code: str, facts: list[str]) -> None:
    text = " ".join(fixed_lines(find_scenario(code).buyer_brief(seed=1))).lower()
    assert [fact for fact in facts if fact.lower() not in text] == []


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = _changed(tmp_path)
    before = load_scenario(path)
    assert load_scenario(path) is before
    assert load_scenario(_changed(tmp_path, title="Another title")).title == "Another title"


def test_mortgage_comes_first_and_each_vertical_is_ordered_by_code() -> None:
    verticals = list(dict.fromkeys(s.vertical for s in SCENARIOS))
    assert verticals == [v for v in VERTICALS if v in verticals]
    for vertical in verticals:
        codes = [s.code for s in SCENARIOS if s.vertical == vertical]
        assert codes == sorted(codes)


def test_a_scenario_is_found_by_key_or_code() -> None:
    assert find_scenario("s01") is not None
    assert find_scenario("s01-inbound-rate-shopper").code == "S01"


def test_an_unknown_scenario_lists_what_there_is() -> None:
    with pytest.raises(PackError, match="s02-first-time-buyer"):
        find_scenario("s99-nobody")


def _changed(tmp_path: Path, **changes: object) -> Path:
    data = yaml.safe_load(S01.read_text(encoding="utf-8"))
    data.update(changes)
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_scenario(path)
    return str(caught.value)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    data = yaml.safe_load(S01.read_text(encoding="utf-8"))
    del data["branching"]["topics"][3]["says"]
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    text = _refusal(path)
    assert "broken.yaml" in text
    assert "branching.topics[3].says: is missing; add it" in text


def test_a_misspelt_field_points_to_the_reference(tmp_path: Path) -> None:
    text = _refusal(_changed(tmp_path, dificulty="easy"))
    assert "dificulty: is not a known field" in text
    assert "branching.md" in text


def test_a_wrong_value_is_shown(tmp_path: Path) -> None:
    assert "difficulty" in (text := _refusal(_changed(tmp_path, difficulty="brutal")))
    assert "'brutal'" in text


def test_a_goal_that_is_not_the_closing_goal_is_refused(tmp_path: Path) -> None:
    text = _refusal(_changed(tmp_path, goal={"id": "lost", "label": "Lost"}))
    assert "write the same outcome in both" in text


def test_a_file_that_is_not_yaml_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("key: [unclosed", encoding="utf-8")
    assert "not readable YAML" in _refusal(path)


def test_an_absent_file_says_so(tmp_path: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path / "nowhere.yaml")


def test_two_files_may_not_share_a_key(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(S01.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(PackError, match="already used by"):
        load_packs(tmp_path)


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="put scenario files there"):
        load_packs(tmp_path)
