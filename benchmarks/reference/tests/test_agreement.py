"""Two implementations that were written apart measure every call alike: SQL, and plain Python from the page."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.reference.tests.agreement import Stems, by_reference, by_sql, differences
from benchmarks.reference.tests.calls import make_rubric, make_transcript
from parley.reporting.seeding.dialogue import converse, rubric_of
from parley.scenarios.pack import load_packs

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def _agree(transcript: list[dict[str, Any]], rubric: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        sql = by_sql(cursor, transcript, rubric)
        assert differences(sql, by_reference(transcript, rubric, Stems(cursor))) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=QUIET)
@given(rng=st.randoms(use_true_random=False))
def test_both_agree_on_any_call(db: None, rng: Random) -> None:
    _agree(make_transcript(rng), make_rubric(rng))


def test_both_agree_that_an_emoji_is_no_stop(db: None) -> None:
    said = {"speaker": "rep", "start": 0.0, "end": 12.0, "text": "that \U0001f642 like, help. It is, like, good."}
    rubric = {k: v for k, v in make_rubric(Random(1)).items() if k != "fillers"}
    _agree([said], rubric)
    with connection.cursor() as cursor:
        assert by_sql(cursor, [said], rubric)["kpis"]["filler_count"] == 1


@pytest.mark.slow
@settings(max_examples=1200, deadline=None, suppress_health_check=QUIET)
@given(rng=st.randoms(use_true_random=False))
def test_both_agree_on_many_calls(db: None, rng: Random) -> None:
    _agree(make_transcript(rng), make_rubric(rng))


@pytest.mark.slow
def test_both_agree_on_seeded_calls_of_every_shipped_scenario(db: None) -> None:
    for file in load_packs():
        rubric = rubric_of(file)
        rubric["compliance"] = [c for c in rubric["compliance"] if not c.get("kind")]  # the reference knows no wordings
        rubric["gates"] = []
        for skill in (0.1, 0.5, 0.9):
            transcript = converse(file, skill=skill, seed=11)
            _agree(transcript, rubric)
            _agree([{k: v for k, v in u.items() if k != "tags"} for u in transcript], rubric)
