"""docs/reference/kpis.md defines every KPI, and its examples are true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from parley.scoring.shapes import Kpis as KpisShape
from parley.scoring.tests.conftest import Kpis, said

PAGE = (Path(settings.BASE_DIR) / "docs" / "reference" / "kpis.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json example\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: next(iter(e["gives"])))
def test_its_examples_are_true(kpis: Kpis, score: Kpis, example: dict[str, Any]) -> None:
    turns = [(u[0][0], *u[1:]) for u in example["transcript"]]
    rubric = example.get("rubric", {})
    transcript = said(*turns)
    for utterance, sentiment in zip(transcript, example.get("sentiments", []), strict=False):
        utterance["sentiment"] = sentiment
    values = kpis(transcript, rubric)
    assert {name: values[name] for name in example["gives"]} == example["gives"]
    if "scores" in example:
        found = score(values, rubric)
        assert {name: found[name] for name in example["scores"]} == example["scores"]


def test_it_defines_every_kpi() -> None:
    headings = re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    assert sorted(headings) == sorted(KpisShape.model_fields), "docs/reference/kpis.md: one heading for each KPI."


def test_most_kpis_have_a_worked_example() -> None:
    shown = {name for example in EXAMPLES for name in example["gives"]}
    plain = {"version", "typed", "evidence", "judged"}
    assert set(KpisShape.model_fields) - shown <= plain
