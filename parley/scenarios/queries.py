"""Reads over scenarios."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from parley.accounts.org_settings import org_settings
from parley.scenarios.models import LenderFact, Scenario
from parley.scenarios.own_bands import with_own_bands
from parley.scenarios.pack import place_in_library


def library() -> list[Scenario]:
    """What the acting member can practise now, by vertical and code."""
    return sorted(Scenario.objects.published(), key=lambda s: place_in_library(s.vertical, s.code))


def get_scenario_for_practice(key: str) -> Scenario | None:
    """The newest published version of this key (or code, like S01) in the acting member's organisation."""
    published = Scenario.objects.published()
    return published.filter(key=key).first() or published.filter(code__iexact=key).first()


def rubric_to_freeze(scenario: Scenario, on: date) -> dict[str, Any]:
    """The rubric as an attempt that begins on a day is held by it: with the organisation's figures of that day,
    with its own bands where the rubric asks for them, and with its own list of fillers unless the rubric has one.

    A fact counts from its `valid_from` until a later one of the same kind and key takes over, or its `valid_until`.
    Rates are percent (`rate_percent`), limits dollars (`amount`).
    """
    newest = (
        LenderFact.objects.filter(org_id=scenario.org_id, kind__in=("rate", "limit"), valid_from__lte=on)
        .order_by("kind", "key", "-valid_from")
        .distinct("kind", "key")
    )
    standing = LenderFact.objects.filter(pk__in=newest.values("pk")).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    figures: dict[str, list[float]] = {"rate": [], "limit": []}
    for fact in standing.order_by("kind", "key"):
        figure = fact.value.get("rate_percent" if fact.kind == "rate" else "amount")
        if isinstance(figure, int | float) and not isinstance(figure, bool):
            figures[fact.kind].append(float(figure))
    own = org_settings(scenario.org_id)
    lender = {"as_of": on.isoformat(), "rates": figures["rate"], "limits": figures["limit"]}
    return {
        **with_own_bands(scenario.rubric, own.kpi_bands),
        "lender": lender if figures["rate"] or figures["limit"] else None,
        "fillers": scenario.rubric.get("fillers") or list(own.fillers),
    }
