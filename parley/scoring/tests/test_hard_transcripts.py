"""Transcripts as they should not be: each gets a named error or a defined result, never a wrong score or a crash."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test import Client

from parley.calls.models import Attempt, Transcript
from parley.core.tenancy import acting_as_service
from parley.scenarios.pack import find_scenario
from parley.scenarios.rubric import compile_rubric
from parley.scoring import actions, functions
from parley.scoring.shapes import Kpis as KpisShape
from parley.scoring.shapes import Score
from parley.scoring.tests.calls import finished_call
from parley.scoring.tests.conftest import Kpis, call_sql, said
from tests.support.cast import Cast

RUBRIC = compile_rubric(find_scenario("S01")).as_json()
TALK = [
    ("r", 0, 6, "Hi, this is Dana with Summit, NMLS 12345, on a recorded line. What matters most to you?"),
    ("b", 7, 12, "The rate, and that it closes by June."),
    ("r", 13, 20, "How long do you plan to stay in the home, and what would you compare it with?"),
    ("b", 21, 26, "Ten years at least."),
    ("r", 27, 34, "Great. Then let's start the application tomorrow at ten, if that works for you?"),
    ("b", 35, 37, "Yes, let's do it."),
]


def _scored(transcript: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    values = call_sql("compute_kpis", transcript, RUBRIC)
    found = call_sql("compute_score", values, RUBRIC)
    KpisShape.model_validate(values)
    Score.model_validate(found)
    return values, found


def test_an_empty_transcript_abstains(db: None) -> None:
    for nothing in ([], said(("r", 0, 1, "")), said(("r", 0, 1, "…"), ("b", 2, 3, " \t\n"))):
        values, found = _scored(nothing)
        assert (found["total"], found["passed"], found["abstained"]) == (None, None, True)
        assert found["abstained_why"]
        assert values["talk_ratio"] is None
        assert values["question_count"] == 0


@pytest.mark.parametrize("lost", ["start", "end"])
def test_missing_times_are_named(db: None, lost: str) -> None:
    broken = said(*TALK)
    del broken[2][lost]
    with pytest.raises(functions.MalformedTranscript, match=rf"transcript\[2\]\.{lost} is no number of seconds"):
        functions.compute_kpis(broken, RUBRIC)


def test_an_end_before_its_start_is_named(db: None) -> None:
    broken = said(*TALK)
    broken[1]["end"] = 6.5
    with pytest.raises(functions.MalformedTranscript, match=r"transcript\[1\]\.end lies before its start"):
        functions.compute_kpis(broken, RUBRIC)


def test_an_unknown_speaker_is_named_with_the_way_out(db: None) -> None:
    broken = said(*TALK)
    broken[3]["speaker"] = "Speaker 2"
    with pytest.raises(
        functions.MalformedTranscript, match=r'transcript\[3\]\.speaker is "Speaker 2"; use rep or buyer'
    ):
        functions.compute_kpis(broken, RUBRIC)


def test_overlap_is_speech_of_both_and_time_of_one_call(kpis: Kpis) -> None:
    both = kpis(
        said(("r", 0, 10, "What brings you here today, please?"), ("b", 4, 14, "A house that I found.")), RUBRIC
    )
    assert (both["duration_s"], both["rep_speech_s"], both["buyer_speech_s"]) == (14, 10, 10)
    assert both["talk_ratio"] == 0.5
    assert both["interruptions_by_buyer"] == 1
    same = kpis(said(("r", 0, 5, "What brings you here?"), ("b", 0, 5, "A house.")), RUBRIC)
    assert (same["duration_s"], same["talk_ratio"]) == (5, 0.5)


@pytest.mark.parametrize(
    "strange",
    [
        "👩🏽‍💼 great question 🎉",
        "مرحبا، كيف حالك؟",
        "שלום, מה שלומך?",
        "\u202eevil\u202c text",
        "e\u0301\u0301 z̵͎a̸lgo",
        "日本語のテキスト",
    ],
    ids=["emoji", "arabic", "hebrew", "direction", "combining", "unspaced"],
)
def test_every_script_is_counted_and_quoted_as_it_was_said(db: None, strange: str) -> None:
    transcript = said(*TALK, ("r", 40, 44, f"{strange} What else matters to you?"))
    values, found = _scored(transcript)
    texts = [u["text"] for u in transcript]
    cited = [c for citations in values["evidence"].values() for c in citations]
    assert cited
    assert all(c["quote"] in texts[c["i"]] for c in cited)
    plain, _ = _scored(said(*TALK, ("r", 40, 44, "What else matters to you?")))
    assert values["question_count"] == plain["question_count"] + strange.count("?")
    assert found["total"] is not None


@pytest.mark.parametrize(("text", "says"), [("hi\x00there", "NUL"), ("half \ud83d of it", "half a character")])
def test_what_cannot_be_kept_is_refused_by_name(db: None, text: str, says: str) -> None:
    with pytest.raises(functions.MalformedTranscript, match=says), transaction.atomic():
        functions.compute_kpis(said(("r", 0, 1, text)), RUBRIC)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": "hi\x00there"}, "utterance 1 holds a NUL"),
        ({"text": "half \ud83d of it"}, "utterance 1 holds half a character"),
        ({"tags": ["a\x00"]}, "utterance 1 holds a NUL"),
        ({"end": 1}, "utterance 1 runs from 7 to 1 s"),
        ({"end": 1e300}, "utterance 1 runs from 7"),
        ({"end": float("nan")}, "utterances.1.end"),
        ({"speaker": "Speaker 2"}, "utterances.1.speaker"),
        ({"start": None}, "utterances.1.start"),
        ({"text": 5}, "utterances.1.text"),
    ],
)
def test_a_typed_practice_with_a_bad_utterance_is_refused_and_can_be_sent_again(
    cast: Cast, change: dict[str, Any], says: str
) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    start = json.dumps({"scenario": cast.scenario.key, "consent": True, "kind": "typed"})
    made = client.post("/api/calls/start", start, content_type="application/json").json()
    url = f"/api/calls/{made['attempt_id']}/transcript"
    good = [{"i": n, "speaker": u["speaker"], "start": u["start"], "end": u["end"], "text": u["text"]}
            for n, u in enumerate(said(*TALK))]  # fmt: skip
    bad = [{**u, **change} if n == 1 else u for n, u in enumerate(good)]
    answer = client.post(url, json.dumps({"utterances": bad}), content_type="application/json")
    assert answer.status_code == 400
    assert says in answer.json()["error"]["message"]
    assert client.post(url, json.dumps({"utterances": good}), content_type="application/json").status_code == 200


def test_a_five_hour_call_is_measured(db: None) -> None:
    hours = 5
    turns = [("rb"[n % 2], 10.0 * n, 10.0 * n + 9, TALK[n % len(TALK)][3]) for n in range(hours * 360)]
    begun = time.monotonic()
    values, found = _scored(said(*turns))
    assert time.monotonic() - begun < 60
    assert values["duration_s"] == hours * 3600 - 1
    assert values["question_count"] == 900
    assert found["total"] is not None


@pytest.mark.slow
def test_ten_megabytes_are_measured(db: None) -> None:
    text = " ".join(f"word{n % 997}" for n in range(7_000)) + ". What matters most to you?"
    transcript = said(*[("rb"[n % 2], 30.0 * n, 30.0 * n + 29, text) for n in range(190)])
    assert len(json.dumps(transcript)) > 10_000_000
    values, found = _scored(transcript)
    assert values["question_count"] == 95
    assert found["total"] is not None


def test_one_bad_call_fails_with_a_note_and_the_next_is_scored(cast: Cast) -> None:
    bad, good = finished_call(cast), finished_call(cast)
    with acting_as_service("a test spoils a transcript"):
        Transcript.objects.filter(pk=bad.pk).update(transcript=[{"speaker": "rep", "start": 3, "end": 1, "text": "x"}])
        for attempt in (bad, good):
            actions.score_attempt(attempt.pk)
        bad, good = (Attempt.objects.get(pk=attempt.pk) for attempt in (bad, good))
    assert (bad.status, bad.score) == ("failed", None)
    assert "end lies before its start" in bad.notes[-1]
    assert good.status == "scored"


def test_what_is_no_list_of_utterances_is_named(db: None) -> None:
    for wrong, name in (({"a": 1}, "object"), ("text", "string"), (5, "number"), (None, "null")):
        with (
            pytest.raises(DataError, match=f"transcript is {name}"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("select compute_kpis(%s::jsonb, %s::jsonb)", [json.dumps(wrong), json.dumps(RUBRIC)])
