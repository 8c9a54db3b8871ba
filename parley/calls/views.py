"""The player page and the practice library (which shows how the member stands with each scenario)."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.accounts.org_settings import org_settings
from parley.calls import queries
from parley.calls.models import Attempt
from parley.core import csp
from parley.core.tenancy import Member
from parley.scenarios import approvals
from parley.scenarios import queries as scenarios
from parley.scenarios.cards import ScenarioCard, card_for_practice, card_of, library_cards
from parley.scenarios.models import Scenario


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """All scenarios that can be practised now, with best score and number of attempts."""
    member: Member = request.member  # type: ignore[attr-defined]
    standings = queries.standings(member)
    cards = [_shown(card, standings.get(card.key)) for card in library_cards()]
    verticals = list(dict.fromkeys(card["vertical"] for card in cards))
    return render(request, "scenarios/library.html", {"scenarios": cards, "verticals": verticals})


@require_GET
def scenario_detail(request: HttpRequest, key: str) -> HttpResponse:
    """What the rep knows before the call, and their earlier attempts."""
    member: Member = request.member  # type: ignore[attr-defined]
    scenario = _scenario_or_404(key)
    attempts = Attempt.objects.filter(user_id=member.user_id, scenario__key=scenario.key).exclude(
        status__in=("abandoned", "created")
    )
    context = {
        "scenario": _shown(card_of(scenario), queries.standings(member).get(scenario.key))
        | {"rules_notice": approvals.notice(scenario.rubric)},
        "attempts": attempts.select_related("scenario").order_by("-created_at")[:20],
    }
    return render(request, "scenarios/detail.html", context)


@csp_update(csp.PLAYER)  # type: ignore[arg-type]  # its type knows only views without arguments
@require_GET
def play(request: HttpRequest, key: str) -> HttpResponse:
    """The player, with brief and goal at hand."""
    member: Member = request.member  # type: ignore[attr-defined]
    card = card_for_practice(key)
    if card is None:
        raise Http404(f"Scenario {key!r} is not in your organisation's library.")
    consent_text = org_settings(member.org_id).recording_consent_text
    context = {"scenario": _shown(card, None), "consent_text": consent_text}
    return render(request, "calls/play.html", context)


def _scenario_or_404(key: str) -> Scenario:
    scenario = scenarios.get_scenario_for_practice(key)
    if scenario is None:
        raise Http404(f"Scenario {key!r} is not in your organisation's library.")
    return scenario


def _shown(card: ScenarioCard, standing: queries.Standing | None) -> dict[str, object]:
    return {
        **vars(card),
        "attempts_count": standing.attempts_count if standing else 0,
        "best_score": standing.best_score if standing else None,
    }
