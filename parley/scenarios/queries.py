"""Reads over scenarios."""

from __future__ import annotations

from parley.scenarios.models import Scenario


def library() -> list[Scenario]:
    """What the acting member can practise now, by code."""
    return list(Scenario.objects.published())


def get_scenario_for_practice(key: str) -> Scenario | None:
    """The newest published version of this key (or code, like S01) in the acting member's organisation."""
    published = Scenario.objects.published()
    return published.filter(key=key).first() or published.filter(code__iexact=key).first()
