"""The comparison has teeth: one changed threshold, comparison or operator in the SQL, and it disagrees."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from django.db import connections, transaction

from benchmarks.reference.tests.agreement import Stems, by_reference, by_sql, differences
from benchmarks.reference.tests.calls import make_rubric, make_transcript

pytestmark = pytest.mark.slow
CALLS = 250
MUTATIONS = {
    "an interruption from half a second on": ("kpi_flow", "a.start_s >= 0.3", "a.start_s >= 0.5"),
    "a turn that ends first takes the floor too": ("kpi_flow", "a.end_s >= b.end_s", "a.end_s >= b.start_s"),
    "a ratio of too little speech": ("kpi_flow", "rep_s + buyer_s >= 10 as enough", "rep_s + buyer_s >= 5 as enough"),
    "back-channels of one word alone": ("kpi_is_backchannel", "'\\S+') <= 2", "'\\S+') <= 1"),
    "a pause of twice the length": ("kpi_fillers", ">= 0.3 end", ">= 0.6 end"),
    "every filler phrase, the longest or not": ("kpi_fillers", "g.size > f.size", "g.size < f.size"),
    "shorter words taken up": ("kpi_speech", "length(w) >= 4", "length(w) >= 6"),
    "fewer words of a phrase": ("kpi_compiled", "ceil(0.6 * size)", "ceil(0.4 * size)"),
    "negations from farther away": ("kpi_is_said", "{0,6}", "{0,1}"),
    "a longer opening": ("kpi_phrases", "h.turn <= 3", "h.turn <= 30"),
    "exploring at two tenths": ("kpi_objections", "30 * explored", "20 * explored"),
    "answers without all ideas": ("kpi_objections", "a.ideas >= r.needed", "a.ideas > r.needed"),
    "exploring by a question about anything": ("kpi_objections", "s.about && r.topics", "true"),
    "only the first outcome": ("kpi_phrases_of", "'$.goal.others[*]'", "'$.goal.other[*]'"),
    "nothing that was understood": ("kpi_discovery", "t like 'asked:%'", "t like 'never:%'"),
    "the last outcome that was agreed": ("kpi_discovery", "select min(s.sn) from tags", "select max(s.sn) from tags"),
    "the last place a topic was asked": ("kpi_discovery", "s.n < a.n", "s.n <= a.n + 1"),
    "judged from twenty words on": ("compute_score", "constant integer := 30", "constant integer := 20"),
    "a major check for a third": ("score_criterion", "when 'major' then 0.5", "when 'major' then 0.3"),
    "bands in steps": ("score_share", "between_bands = 'step'", "between_bands <> 'step'"),
}


@cache
def _calls() -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    seeds = [Random(n) for n in range(CALLS)]
    return [(make_transcript(rng), make_rubric(rng)) for rng in seeds]


@pytest.fixture
def owner(committed_db: None) -> Iterator[Any]:
    """The owner's cursor, whose changes to functions are rolled back."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        yield cursor
        transaction.set_rollback(True, using="owner")


def _first_disagreement(cursor: Any) -> dict[str, Any]:
    stem = Stems(cursor)
    for transcript, rubric in _calls():
        found = differences(by_sql(cursor, transcript, rubric), by_reference(transcript, rubric, stem))
        if found:
            return found
    return {}


def test_unchanged_both_agree_on_all_of_these_calls(owner: Any) -> None:
    assert _first_disagreement(owner) == {}


@pytest.mark.parametrize(("function", "says", "instead"), MUTATIONS.values(), ids=MUTATIONS)
def test_a_changed_rule_is_caught(owner: Any, function: str, says: str, instead: str) -> None:
    owner.execute("select pg_get_functiondef(oid) from pg_proc where proname = %s", [function])
    (definition,) = owner.fetchone()
    assert says in definition, f"{function} no longer holds {says!r}; mutate what it holds now."
    owner.execute(definition.replace(says, instead))
    assert _first_disagreement(owner), f"{function} with {instead!r} in place of {says!r} went unnoticed."
