"""The rule-based writer hardly repeats itself, and what it writes is whole sentences."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from parley.scenarios.rubric import compile_rubric
from parley.scoring.actions import may_say
from parley.scoring.feedback import write
from parley.scoring.feedback.call import Call, imperative, lower_first, points
from parley.scoring.feedback.wording import choose, needs, templates
from parley.scoring.tests.conftest import Kpis
from parley.scoring.tests.varied import varied_calls

REVIEWS = 500
MOST_SHARE = 0.10
GIVEN = {
    *("name", "points", "mark", "criterion", "lost", "why", "check", "sum", "cap", "topics", "count", "said", "done"),
    *("talk", "checks", "focus", "second", "gain", "motive", "seconds", "rule", "todo", "todo_capital", "question"),
    *("question_lower", "ack", "answer", "answer_lower", "fact", "proposal", "proposal_lower", "day", "day_capital"),
    "said_capital",
}


def blanked(template: str) -> str:
    """A sentence without its slots, for comparing."""
    return " ".join("".join(text for text, *_ in Formatter().parse(template)).lower().split())


def test_no_two_sentences_differ_by_their_slots_alone() -> None:
    seen: dict[str, str] = {}
    for slot, lines in templates().items():
        for line in lines:
            bare = blanked(line)
            if len(re.findall(r"\w+", bare)) >= 3:
                assert bare not in seen, f"{slot} and {seen[bare]} both say {line!r}"
                seen[bare] = slot


def test_every_slot_is_known_and_every_sentence_ends() -> None:
    for slot, lines in templates().items():
        for line in lines:
            assert needs(line) <= GIVEN, f"{slot}: {line}"
            assert re.search(r"[.?!\]}”]$", line), f"{slot}: {line}"
            assert re.match(r"[A-Z“{\[0-9]", line), f"{slot}: {line}"


def test_the_same_seed_chooses_the_same_sentence_and_others_differ() -> None:
    chosen = {choose("next.again", seed, {"name": "Ann", "focus": "“X”"})[0] for seed in range(200)}
    assert len(chosen) >= 10
    assert choose("next.again", 7, {"name": "Ann", "focus": "“X”"}) == choose(
        "next.again", 7, {"name": "Ann", "focus": "“X”"}
    )


@pytest.mark.parametrize(
    ("label", "todo"),
    [
        ("Sets an agenda and asks permission", "set an agenda and ask permission"),
        ("Says that rates can change", "say that rates can change"),
        ("NMLS number given", "NMLS number given"),
        ("Discusses the plan", "discuss the plan"),
        ("Clarifies who decides", "clarify who decides"),
    ],
)
def test_a_label_becomes_something_to_do(label: str, todo: str) -> None:
    assert imperative(label) == todo


def test_numbers_and_first_letters_keep_their_grammar() -> None:
    assert points(1.0) == "1.0 points"
    assert points(12.5) == "12.5 points"
    assert lower_first("I understand.") == "I understand."
    assert lower_first("APR comes first.") == "APR comes first."
    assert lower_first("What now?") == "what now?"


def reviews(count: int, kpis: Kpis, score: Kpis) -> Iterator[tuple[Call, dict[str, Any]]]:
    compiled: dict[str, dict[str, Any]] = {}
    for scenario, seed, transcript in varied_calls(count):
        rubric = compiled.setdefault(scenario.key, compile_rubric(scenario).as_json())
        values = kpis(transcript, rubric)
        brief = scenario.buyer_brief(seed=seed).model_dump(mode="json")
        call = Call(transcript, values, score(values, rubric), rubric, brief)
        yield call, write(call)


BROKEN = re.compile(
    r"\{|\}|\bNone\b|  |\.\.|\.\?|\?\.|,\.|\( |\(\)|“”|: *[.?!]|\b1 (?:checks|questions)\b|"
    r"\b(?:a|an) (?:a|an|the)\b|\bthe the\b|\b(?!twenty\b|had\b|that\b)(\w{2,}) \1\b"
)


def check_prose(feedback: dict[str, Any]) -> None:
    """No sentence that a filled slot has broken."""
    tip = feedback["try"] or {"what": "", "say_instead": ""}
    texts = [feedback["summary"], feedback["next_step"], *feedback["strengths"], tip["what"], tip["say_instead"]]
    texts += [quote["comment"] for quote in feedback["quotes"]]
    for text in filter(None, texts):
        # What the buyer said is quoted as it was said.
        prose = re.sub(r"“[^”]*”", "“x”", text)
        assert not BROKEN.search(prose), text
        assert re.match(r"[A-Z“\[0-9]", text), text
        assert re.search(r"[.?!\])”]$", text), text


def test_some_reviews_of_every_scenario_read_well_and_say_nothing_forbidden(kpis: Kpis, score: Kpis) -> None:
    for call, feedback in reviews(8, kpis, score):
        check_prose(feedback)
        assert feedback["try"] is None or may_say(feedback["try"]["say_instead"], call.rubric), feedback["try"]


@pytest.mark.slow
def test_no_sentence_stands_in_more_than_a_tenth_of_500_reviews(
    kpis: Kpis, score: Kpis, capsys: pytest.CaptureFixture[str]
) -> None:
    counts: Counter[str] = Counter()
    for call, feedback in reviews(REVIEWS, kpis, score):
        check_prose(feedback)
        counts.update(set(call.used))
    lines = templates()
    with capsys.disabled():
        say = sys.stdout.write
        say(f"\n{len(counts)} of {sum(map(len, lines.values()))} sentences in {REVIEWS} reviews; the most frequent:\n")
        for name, count in counts.most_common(10):
            slot, _, n = name.rpartition(".")
            say(f"  {100 * count / REVIEWS:4.1f} %  {name:28} {lines[slot][int(n)]}\n")
    assert counts.most_common(1)[0][1] <= MOST_SHARE * REVIEWS
