"""Objections in five steps, topics, motive and goal: by the buyer's tags, and by words where there are none."""

from __future__ import annotations

from typing import Any

import pytest

from parley.scoring.tests.conftest import Kpis, said

RUBRIC: dict[str, Any] = {
    "objections": [
        {
            "tag": "rival",
            "label": "another lender is cheaper",
            "heard": ["I've got another lender at six point one two five. Why would I pay you more?"],
            "acknowledge": ["that is a good quote"],
            "explore": ["does that include points"],
            "answer": [["same day same lock same points"], ["send me their loan estimate"]],
            "answer_needed": 1,
            "confirm": ["does that settle it"],
        }
    ],
    "topics": [
        {"id": "horizon", "label": "horizon", "ask": ["how long do you plan to stay"], "discovery": True},
        {"id": "income", "label": "income", "ask": ["what is your income", "how much do you make"], "discovery": True},
    ],
    "motive": {"label": "wants certainty", "heard": ["Our lender changed the rate at the closing table."]},
    "goal": {
        "id": "application_started",
        "label": "x",
        "ask": ["let's start the application"],
        "accept": [],
        "needs_date": True,
    },
    "common": {"acknowledge": ["I understand"], "confirm": ["does that help"], "accept": ["okay", "sounds good"]},
}
RAISED = (
    "b",
    10,
    14,
    "I've got another lender at six point one two five. Why would I pay you more?",
    "objection:rival",
)


def steps(kpis: Kpis, *replies: str, raised: tuple[Any, ...] = RAISED, start: float = 14.6) -> dict[str, Any]:
    turns: list[tuple[Any, ...]] = [("r", 0, 9, "Our program is a good one for people like you."), raised]
    for n, reply in enumerate(replies):
        turns += [
            ("r", start + 10 * n, start + 10 * n + 5, reply),
            ("b", start + 10 * n + 6, start + 10 * n + 9, "Go on then, tell me."),
        ]
    found = kpis(said(*turns), RUBRIC)
    assert len(found["objections"]) == 1
    return found["objections"][0]  # type: ignore[no-any-return]


def test_all_five_steps_are_full_marks(kpis: Kpis) -> None:
    found = steps(
        kpis,
        "I understand. Does that include points?",
        "Then let's compare on the same day, with the same lock and the same points. Does that help?",
    )
    assert found == {
        "tag": "rival", "raised_at": 1, "listened": True, "acknowledged": True, "explored": True, "answered": True,
        "confirmed": True, "share": 1,
    }  # fmt: skip


def test_answering_before_asking_is_not_exploring(kpis: Kpis) -> None:
    found = steps(kpis, "Send me their loan estimate and I will look. Are there points in it?")
    assert (found["acknowledged"], found["explored"], found["answered"], found["share"]) == (False, False, True, 0.4)


def test_a_question_counts_only_before_the_next_objection_and_within_three_turns(kpis: Kpis) -> None:
    late = steps(kpis, "Well.", "We are a good company.", "We really are the best.", "Does that include points?")
    assert late["explored"] is False


def test_any_question_explores_at_once_but_later_only_one_of_the_scenarios(kpis: Kpis) -> None:
    assert steps(kpis, "Okay. When did you get that quote?")["explored"] is True
    assert steps(kpis, "We are a good company.", "When did you get that quote?")["explored"] is False
    assert steps(kpis, "We are a good company.", "Does it include points?")["explored"] is True


def test_a_question_about_another_topic_does_not_explore(kpis: Kpis) -> None:
    assert steps(kpis, "I see. What is your income?")["explored"] is False


def test_a_confirming_question_does_not_explore(kpis: Kpis) -> None:
    assert steps(kpis, "We have a great program. Does that help?")["explored"] is False


def test_interrupting_the_objection_is_not_listening(kpis: Kpis) -> None:
    assert steps(kpis, "I understand, I understand, but look.", start=12.0)["listened"] is False


def test_the_buyers_resolved_tag_says_that_it_is_answered(kpis: Kpis) -> None:
    turns = [
        RAISED,
        ("r", 15, 20, "What did they say about the lock?"),
        ("b", 21, 24, "Nothing. Fair.", "resolved:rival"),
    ]
    found = kpis(said(*turns), RUBRIC)
    assert found["objections"][0]["answered"] is True
    assert (found["objections_raised"], found["objections_addressed"]) == (1, 1)


def test_without_tags_objections_are_found_by_words(kpis: Kpis) -> None:
    untagged = (*RAISED[:3], "Well, I've got another lender at 6.125, so why would I pay you more?")
    assert steps(kpis, "I understand. Does that include points?", raised=untagged)["explored"] is True


def test_an_objection_that_never_came_is_not_listed(kpis: Kpis) -> None:
    found = kpis(said(("r", 0, 9, "Hello there."), ("b", 10, 14, "I would like a loan.", "opening")), RUBRIC)
    assert found["objections"] == []
    assert found["objection_share"] is None


@pytest.mark.parametrize("tags", [("topic:horizon",), ()])
def test_topics_are_covered_where_they_were_asked(kpis: Kpis, tags: tuple[str, ...]) -> None:
    found = kpis(
        said(("r", 0, 4, "Hi. How long do you plan to stay there?"), ("b", 5, 8, "About four years.", *tags)), RUBRIC
    )
    assert found["topics"] == [{"id": "horizon", "covered_at": 0}, {"id": "income", "covered_at": None}]
    assert (found["discovery_count"], found["discovery_share"]) == (1, 0.5)


@pytest.mark.parametrize("tags", [("motive",), ()])
def test_the_motive_is_found_when_the_buyer_tells_it(kpis: Kpis, tags: tuple[str, ...]) -> None:
    found = kpis(
        said(("r", 0, 4, "Why?"), ("b", 5, 8, "Our lender changed the rate at the closing table.", *tags)), RUBRIC
    )
    assert found["motive_found"] is True
    assert kpis(said(("r", 0, 4, "Why?"), ("b", 5, 8, "No reason.")), RUBRIC)["motive_found"] is False
    assert kpis(said(("r", 0, 4, "Why?")), {})["motive_found"] is None


@pytest.mark.parametrize(
    ("ask", "answer", "goal"),
    [
        ("Let's start the application tomorrow at ten.", "Okay, sounds good.", (True, True, True)),
        ("Let's start the application.", "Okay.", (True, True, False)),
        ("Let's start the application tomorrow.", "No, not yet.", (False, True, True)),
        ("Any questions?", "No, thanks.", (False, False, False)),
    ],
)
def test_the_goal_needs_a_yes_and_a_date(kpis: Kpis, ask: str, answer: str, goal: tuple[bool, ...]) -> None:
    found = kpis(said(("r", 0, 5, ask), ("b", 6, 8, answer)), RUBRIC)["goal"]
    assert (found["hit"], found["asked"], found["dated"]) == goal


def test_the_goal_tag_decides_when_there_are_tags(kpis: Kpis) -> None:
    turns = [("r", 0, 5, "Let's do the paperwork on Monday."), ("b", 6, 8, "Deal.", "goal:application_started")]
    found = kpis(said(*turns), RUBRIC)["goal"]
    assert (found["hit"], found["at"], found["dated"]) == (True, 1, True)
