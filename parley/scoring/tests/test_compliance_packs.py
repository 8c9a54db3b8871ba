"""Each check of a rule pack hears what breaks it and lets pass what does not, as different people say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from parley.scenarios.compliance import pack_for, pack_names
from parley.scenarios.compliance.packs import PackCheck, frozen_check
from parley.scoring.tests.compliance import call_with, table
from parley.scoring.tests.conftest import Kpis

LENDER = {"as_of": "2026-11-24", "rates": [6.125, 6.25, 6.375, 6.5], "limits": [832750, 1249125, 541287]}
PACKS = {vertical: pack for vertical in pack_names() if (pack := pack_for(vertical))}
CHECKS = [(vertical, check) for vertical, pack in PACKS.items() for check in pack.checks]


def _verdicts(kpis: Kpis, vertical: str, check: PackCheck, half: str) -> Iterator[tuple[str, Any, bool]]:
    """(breaks or clean, what was said, was it flagged)."""
    rubric = {"compliance": [frozen_check(check, set(), more=[])], "lender": LENDER}
    for kind, items in table(vertical, half)[check.id].items():
        for item in items:
            yield kind, item, kpis(call_with(item), rubric)["compliance"][0]["outcome"] == "fail"


@pytest.mark.parametrize(("vertical", "check"), CHECKS, ids=lambda value: getattr(value, "id", value))
def test_it_hears_what_breaks_it_and_nothing_else(kpis: Kpis, vertical: str, check: PackCheck) -> None:
    wrong = [
        f"{kind}: {item}"
        for kind, item, flagged in _verdicts(kpis, vertical, check, "tuned")
        if flagged != (kind == "breaks")
    ]
    assert not wrong


def test_it_does_so_on_sentences_it_was_never_tuned_on(kpis: Kpis, capsys: pytest.CaptureFixture[str]) -> None:
    right = missed = false = 0
    for vertical, check in CHECKS:
        for kind, _item, flagged in _verdicts(kpis, vertical, check, "held_out"):
            right += flagged and kind == "breaks"
            missed += not flagged and kind == "breaks"
            false += flagged and kind == "clean"
    precision, recall = right / (right + false), right / (right + missed)
    found = f"precision {precision:.3f}, recall {recall:.3f} ({right} right, {missed} missed, {false} false alarms)"
    with capsys.disabled():
        print(f"\ncompliance, sentences never tuned on: {found}")  # noqa: T201
    assert precision >= 0.95, found
    assert recall >= 0.9, found


@pytest.mark.parametrize(("vertical", "check"), CHECKS, ids=lambda value: getattr(value, "id", value))
def test_each_check_has_four_sentences_of_each_kind_in_either_half(vertical: str, check: PackCheck) -> None:
    for half in ("tuned", "held_out"):
        said = table(vertical, half)[check.id]
        assert len(said["breaks"]) >= 4, half
        assert len(said["clean"]) >= 4, half


@pytest.mark.parametrize("vertical", PACKS)
def test_the_quick_question_never_hides_what_the_expression_finds(db: None, vertical: str) -> None:
    texts = [
        text
        for half in ("tuned", "held_out")
        for items in table(vertical, half).values()
        for item in [*items["breaks"], *items["clean"]]
        for text in (item.values() if isinstance(item, dict) else [item])
    ]
    wordings = [w for check in PACKS[vertical].checks for said in check.match.values() for w in said]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with said as (
              select translate(s.said, ',', '') as flat
              from kpi_said(array(select plain from kpi_stemmed(%s) order by ord)) as s where trim(s.said) <> ''
            ), wording as (select * from unnest(%s::text[], %s::text[]) as w(query, pattern))
            select count(*),
              count(*) filter (where not array_to_tsvector(string_to_array(trim(flat), ' ')) @@ query::tsquery)
            from said join wording on flat ~ (' ' || pattern)
            """,
            [texts, [query for query, _ in wordings], [pattern for _, pattern in wordings]],
        )
        found, hidden = cursor.fetchone() or (0, 0)
    assert found > 100
    assert hidden == 0
