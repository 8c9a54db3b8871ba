"""The buyer is a machine: its thinking, its synthesis and its cut-off words never count for or against the rep."""

from __future__ import annotations

from typing import Any

import pytest

from parley.scenarios.pack import find_scenario
from parley.scenarios.rubric import compile_rubric
from parley.scoring.tests.conftest import Kpis

RUBRIC = compile_rubric(find_scenario("S01")).as_json()
NOT_COMPARED = {"duration_s", "evidence"}
# Speaker, seconds after the one before ended (the buyer's are the machine's delay), length, text, more fields.
CALL: list[tuple[str, float, float, str, dict[str, Any]]] = [
    ("rep", 0.0, 6.0, "Hi Marcus, um, this is Ben with Summit, NMLS 445566, and this call is recorded.", {}),
    ("buyer", 0.0, 4.0, "Hi, I'm calling around for a rate on a house.", {"tags": ["opening"]}),
    ("rep", 0.9, 5.0, "Happy to help. What matters most to you in this purchase?", {}),
    ("buyer", 0.0, 5.0, "Look, can you just give me your rate?", {"tags": ["objection:just-the-rate"]}),
    ("rep", 1.1, 6.0, "Fair question. What would you compare it with, like, points or the lock?", {}),
    ("buyer", 0.0, 6.0, "I'd put it next to the other four quotes.", {}),
    # The rep cuts in after two of eight seconds that the buyer had in mind.
    ("rep", 0.7, 9.0, "With twenty percent down we're at 6.375% today, APR of 6.52. Does that help?", {}),
    ("buyer", 0.0, 8.0, "Well, the thing about the last lender", {"heard_s": 2.0, "tags": ["cut"]}),
    ("rep", -6.2, 5.0, "Sorry, go on. How long do you plan to stay in the home?", {}),
    ("buyer", 0.0, 4.0, "About four years, then the kids change schools.", {"tags": ["topic:horizon"]}),
    ("rep", 1.4, 7.0, "Let's start the application tomorrow at ten. Does that work?", {}),
    ("buyer", 0.0, 3.0, "Okay. Let's do that.", {"tags": ["goal:application_started"]}),
]  # fmt: skip


def replay(delay_s: float) -> list[dict[str, Any]]:
    """The call as it goes when the buyer needs this long before each answer."""
    clock, said = 0.0, []
    for i, (speaker, gap, length, text, more) in enumerate(CALL):
        start = clock + gap + (delay_s if speaker == "buyer" else 0.0)
        fields = {name: value for name, value in more.items() if name != "heard_s"}
        if "heard_s" in more:
            fields["heard_until"] = round(start + more["heard_s"], 3)
        words = text.split()
        each = length / len(words)
        fields["words"] = [
            {"w": w, "start": round(start + n * each, 3), "end": round(start + (n + 1) * each, 3)}
            for n, w in enumerate(words)
        ]
        clock = round(start + length, 3)
        said.append(
            {
                "i": i,
                "speaker": speaker,
                "start": round(start, 3),
                "end": clock,
                "text": text,
                "source": "live",
                **fields,
            }
        )
    return said


@pytest.mark.parametrize("delay_s", [1.5, 4.0])
def test_every_kpi_stays_equal_when_the_buyer_thinks_longer(kpis: Kpis, delay_s: float) -> None:
    quick, slow = kpis(replay(0.2), RUBRIC), kpis(replay(delay_s), RUBRIC)
    assert slow["duration_s"] > quick["duration_s"] + 5
    for name in sorted(quick.keys() - NOT_COMPARED):
        assert slow[name] == quick[name], name
    for key, passages in quick["evidence"].items():
        assert [(e["i"], e["quote"]) for e in slow["evidence"][key]] == [(e["i"], e["quote"]) for e in passages], key


def test_the_score_stays_equal_too(kpis: Kpis, score: Kpis) -> None:
    totals = {score(kpis(replay(delay_s), RUBRIC), RUBRIC)["total"] for delay_s in (0.2, 1.5, 4.0)}
    assert len(totals) == 1


def test_nothing_that_this_call_measures_is_empty(kpis: Kpis) -> None:
    found = kpis(replay(0.2), RUBRIC)
    assert found["patience_s"] == 1.0  # gaps 0.9, 1.1, 0.7 and 1.4: the cut-off turn is no answer
    assert found["interruptions_by_rep"] == 1
    assert found["talk_ratio"] == round(38 / (38 + 24), 3)  # of 8 s of the buyer's cut-off words 2 were heard
    assert found["interactivity_per_minute"] == round(60 * 11 / 62, 2)


def test_words_that_were_never_heard_count_nowhere(kpis: Kpis) -> None:
    """The buyer would have spoken 6 s longer; with only what was heard the same call gives the same numbers."""
    cut = replay(1.5)
    assert cut[7]["heard_until"] < cut[7]["end"]
    only_heard = [dict(u) for u in cut]
    only_heard[7]["end"] = cut[7]["heard_until"]
    first, second = kpis(cut, RUBRIC), kpis(only_heard, RUBRIC)
    for name in ("talk_ratio", "buyer_speech_s", "longest_buyer_story_s", "patience_s", "interactivity_per_minute"):
        assert first[name] == second[name], name
