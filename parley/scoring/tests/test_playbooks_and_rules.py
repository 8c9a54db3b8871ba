"""The playbooks, written by others for simulated reps, are a second opinion on the rule packs.

What a good rep says breaks nothing, and the slips of careless reps are heard.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from parley.scenarios.compliance import pack_for
from parley.scenarios.pack import ScenarioFile, load_packs
from parley.scenarios.playbook import Playbook
from parley.scenarios.rubric import compile_rubric
from parley.scoring.tests.conftest import Kpis, said

WITH_PLAYBOOK = [scenario for scenario in load_packs() if scenario.playbook]


def _good_lines(book: Playbook) -> Iterator[str]:
    first, close = book.introduction, book.close
    yield from (*first.who, *first.licence, *first.recording, *first.permission)
    yield from (*book.motive.ask, *book.motive.answer, *close.propose, *close.wrap)
    for question in book.questions:
        yield from question.ask
    for handling in book.objections.values():
        yield from (*handling.acknowledge, *handling.explore, *handling.answer, *handling.confirm)
    for statement in book.statements:
        yield from statement.say


def _broken(kpis: Kpis, scenario: ScenarioFile, lines: list[str]) -> dict[str, set[str]]:
    """Line -> the checks that it breaks, each line an answer of its own."""
    rubric = compile_rubric(scenario).as_json()
    spoken = [
        turn
        for n, line in enumerate(lines)
        for turn in (
            ("r", 20 * n, 20 * n + 15, line),
            ("b", 20 * n + 16, 20 * n + 19, "Tell me a little more, please."),
        )
    ]
    found = kpis(said(*spoken), {name: rubric[name] for name in ("compliance", "forbidden", "phrases")})
    broken: dict[str, set[str]] = {}
    for check in found["compliance"]:
        for i in check["at"] if check["outcome"] == "fail" else []:
            broken.setdefault(lines[i // 2], set()).add(check["id"])
    return broken


@pytest.mark.parametrize("scenario", WITH_PLAYBOOK, ids=lambda scenario: scenario.key)
def test_what_a_good_rep_says_breaks_no_rule(kpis: Kpis, scenario: ScenarioFile) -> None:
    assert scenario.playbook is not None
    assert _broken(kpis, scenario, list(_good_lines(scenario.playbook))) == {}


@pytest.mark.parametrize("scenario", WITH_PLAYBOOK, ids=lambda scenario: scenario.key)
def test_the_slips_of_careless_reps_are_heard(kpis: Kpis, scenario: ScenarioFile) -> None:
    pack = pack_for(scenario.vertical)
    assert scenario.playbook is not None
    assert pack is not None
    checks = pack.checks_for({scenario.vertical, *scenario.tags})
    known = {name: check.id for check in checks for name in (check.id, *check.covers)}
    slips = [(known[slip.check], line) for slip in scenario.playbook.slips if slip.check in known for line in slip.say]
    broken = _broken(kpis, scenario, [line for _, line in slips])
    assert [(check, line) for check, line in slips if check not in broken.get(line, set())] == []
