"""Whatever the transcript holds: a named error or a defined result, never a crash and never a share outside 0..1."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.scenarios.pack import find_scenario
from parley.scenarios.rubric import compile_rubric
from parley.scoring.shapes import Kpis as KpisShape
from parley.scoring.shapes import Score
from parley.scoring.tests.conftest import Kpis, call_sql, said

RUBRIC = compile_rubric(find_scenario("S01")).as_json()
SENTENCES = [
    "Um, what matters most to you?",
    "The rate is 6.375 percent.",
    "APR of 6.5",
    "I guarantee it",
    "okay",
    "Right.",
    "you're approved",
    "let's start the application tomorrow at ten",
    "send me their loan estimate",
    "I can't promise that",
    "how long do you plan to stay in the home",
    "Just give me your rate!",
    "…",
    "🙂 مرحبا",
    "e\u0301 — ‘quoted’ (text)",
    "%%% \\ ' \"",
]
TEXT = (
    st.lists(st.one_of(st.sampled_from(SENTENCES), st.text(max_size=30)), max_size=4)
    .map(" ".join)
    .map(lambda text: text.replace("\x00", "").encode("utf-8", "ignore").decode())
)
TAGS = st.lists(
    st.sampled_from(
        [
            "objection:just-the-rate",
            "resolved:just-the-rate",
            "topic:horizon",
            "motive",
            "goal:application_started",
            "cut",
        ]
    ),
    max_size=2,
)


@st.composite
def utterance(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.floats(0, 600))
    end = start + draw(st.floats(0, 40))
    found: dict[str, Any] = {
        "speaker": draw(st.sampled_from(["rep", "buyer"])),
        "start": start,
        "end": end,
        "text": draw(TEXT),
        "source": draw(st.sampled_from(["live", "pass", "typed"])),
    }
    if draw(st.booleans()):
        found["tags"] = draw(TAGS)
    if draw(st.booleans()):
        found["sentiment"] = draw(st.floats(-1, 1))
    if draw(st.booleans()):
        found["heard_until"] = start + draw(st.floats(0, 50))
    if draw(st.booleans()):
        found["words"] = [{"w": w, "start": start, "end": end} for w in found["text"].split()]
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transcript=st.lists(utterance(), max_size=12))
def test_any_wellformed_transcript_gives_kpis_and_score_in_their_shapes(
    db: None, transcript: list[dict[str, Any]]
) -> None:
    values = call_sql("compute_kpis", transcript, RUBRIC)
    shape = KpisShape.model_validate(values)
    found = Score.model_validate(call_sql("compute_score", values, RUBRIC))
    assert found.abstained is (found.total is None)
    texts = {n: u["text"] for n, u in enumerate(transcript)}
    for citations in shape.evidence.values():
        assert all(c.quote in texts[c.i] and c.start_ms <= c.end_ms for c in citations)
    if found.total is not None:
        assert abs(sum(c.weight for c in found.criteria) - 100) < 0.1


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({}, "transcript is object"),
        ("hello", "transcript is string"),
        ([5], r"transcript\[0\] is no object"),
        ([{}], r"transcript\[0\].speaker"),
        (
            [*said(("r", 0, 1, "hi")), {"speaker": "parrot", "start": 0, "end": 1, "text": "x"}],
            r"transcript\[1\].speaker",
        ),
        ([{"speaker": "rep", "start": 0, "end": 1}], r"transcript\[0\].text"),
        ([{"speaker": "rep", "start": "0", "end": 1, "text": "x"}], r"transcript\[0\].start"),
        ([{"speaker": "rep", "start": 5, "end": 1, "text": "x"}], "before its start"),
        ([{"speaker": "rep", "start": -1, "end": 1, "text": "x"}], "before the call"),
        ([{"speaker": "rep", "start": 0, "end": 1e300, "text": "x"}], "more than a day"),
        ([{"speaker": "rep", "end": 1, "text": "x"}], r"transcript\[0\].start"),
        ([None], r"transcript\[0\] is no object"),
    ],
)
def test_a_malformed_transcript_is_an_error_that_names_the_place(db: None, bad: Any, says: str) -> None:
    import json

    from django.db import connection

    with pytest.raises(DataError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select compute_kpis(%s::jsonb)", [json.dumps(bad)])


def test_order_in_the_file_does_not_matter(kpis: Kpis) -> None:
    turns = said(
        ("r", 0, 9, "Hello, what brings you here?"), ("b", 10, 19, "A house."), ("r", 20, 29, "When do you close?")
    )
    forward, backward = kpis(turns, RUBRIC), kpis(list(reversed(turns)), RUBRIC)
    assert forward == backward


def test_a_long_call_is_no_trouble(kpis: Kpis) -> None:
    turns = [
        ("rb"[n % 2], 9.0 * n, 9.0 * n + 8, f"{SENTENCES[n % len(SENTENCES)]} And point {n} of it.") for n in range(600)
    ]
    assert kpis(said(*turns), RUBRIC)["duration_s"] > 5000
