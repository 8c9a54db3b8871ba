"""What pages show of scenarios, made once per version of a row and process: a row holds some 100 kB of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from parley.core.row_cache import RowCache
from parley.scenarios.models import Scenario
from parley.scenarios.pack import place_in_library

_OF_PERSONA = ("name", "age", "work", "mood", "gender")


@dataclass(frozen=True)
class ScenarioCard:
    """A scenario as reps see it before the call; the same for everybody in the organisation."""

    key: str
    code: str
    title: str
    summary: str
    brief_for_rep: str
    vertical: str
    difficulty: str
    tags: tuple[str, ...]
    persona: Mapping[str, Any]
    """Name, age, work, mood and gender alone: the rest is the buyer's secret."""
    goal: str
    other_goals: tuple[str, ...]
    """Outcomes that count as much."""
    time_limit_s: int
    version: int
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    grave_rules: tuple[str, ...]
    weights: Mapping[str, float]
    """Of each criterion of the rubric, by id."""


def card_of(scenario: Scenario) -> ScenarioCard:
    """The card of one scenario."""
    rubric = scenario.rubric
    return ScenarioCard(
        key=scenario.key,
        code=scenario.code,
        title=scenario.title,
        summary=scenario.summary,
        brief_for_rep=scenario.brief_for_rep,
        vertical=scenario.vertical,
        difficulty=scenario.difficulty,
        tags=tuple(scenario.tags),
        persona=MappingProxyType({name: scenario.persona.get(name) for name in _OF_PERSONA}),
        goal=scenario.goal.get("label", ""),
        other_goals=tuple(outcome["label"] for outcome in scenario.goal.get("others", [])),
        time_limit_s=scenario.time_limit_s,
        version=scenario.version,
        must=tuple(phrase.get("label") for phrase in rubric.get("phrases", [])),
        must_not=tuple(phrase.get("label") for phrase in rubric.get("forbidden", [])),
        grave_rules=tuple(check["label"] for check in rubric.get("compliance", []) if check["severity"] == "fail"),
        weights=MappingProxyType({c["id"]: float(c["weight"]) for c in rubric.get("criteria") or []}),
    )


_cards: RowCache[Scenario, ScenarioCard] = RowCache(Scenario, card_of)


def library_cards() -> list[ScenarioCard]:
    """What the acting member can practise now, by vertical and code."""
    return sorted(_cards.of(Scenario.objects.published()), key=lambda card: place_in_library(card.vertical, card.code))


def card_for_practice(key: str) -> ScenarioCard | None:
    """The newest published version of this key (or code, like S01) in the acting member's organisation."""
    published = Scenario.objects.published()
    return next(iter(_cards.of(published.filter(key=key)) or _cards.of(published.filter(code__iexact=key))), None)
