"""Finds playbook lines that were copied from what the buyer and the rubric listen for.

A simulated rep who recites those phrases would be scored well by construction, so the ranking would prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parley.buyer.matcher.words import word_set
from parley.scenarios.pack import ScenarioFile

LEAST_WORDS = 5
"""A listed phrase this long inside a line is a copy; a shorter one is how anybody would say it."""
LEAST_OWN_WORDS = 4
"""Of these so many must be no numbers: `one point seven five percent` is a fact."""


_NUMBERS = word_set(
    """zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand point percent"""
)


def copied_lines(scenario: ScenarioFile) -> list[tuple[str, str]]:
    """Lines of the playbook, each with the listed phrase that it repeats; slips have to, and are left out."""
    listed = sorted({plain for phrase in _listed(scenario) if _is_a_wording(plain := _plain(phrase))})
    found = []
    for line in _lines(scenario):
        spoken = f" {_plain(line)} "
        found += [(line, phrase) for phrase in listed if f" {phrase} " in spoken][:1]
    return found


def _is_a_wording(plain: str) -> bool:
    words = plain.split()
    return len(words) >= LEAST_WORDS and sum(word not in _NUMBERS for word in words) >= LEAST_OWN_WORDS


def _lines(scenario: ScenarioFile) -> Iterator[str]:
    if scenario.playbook is None:
        return
    yield from _strings(scenario.playbook.model_dump(exclude={"slips"}))


def _listed(scenario: ScenarioFile) -> Iterator[str]:
    branching = scenario.branching
    for topic in branching.topics:
        yield from topic.ask
    for remark in branching.remarks:
        yield from remark.hear
    for objection in branching.objections:
        resolve = objection.resolve
        yield from [*resolve.explore, *resolve.acknowledge, *resolve.confirm]
        yield from (way for idea in resolve.answer for way in idea)
    yield from branching.motive.cues
    yield from branching.closing.ask
    for outcome in branching.closing.others:
        yield from outcome.ask
    for must in scenario.must:
        yield from must.say


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))
