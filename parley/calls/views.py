"""The player page and the practice library (which shows how the member stands with each scenario)."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.accounts.models import Org
from parley.calls import queries
from parley.calls.models import Attempt
from parley.core import csp
from parley.core.tenancy import Member
from parley.scenarios import approvals
from parley.scenarios import queries as scenarios
from parley.scenarios.models import Scenario


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """All scenarios that can be practised now, with best score and number of attempts."""
    member: Member = request.member  # type: ignore[attr-defined]
    standings = queries.standings(member)
    cards = [_card(scenario, standings.get(scenario.key)) for scenario in scenarios.library()]
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
        "scenario": _card(scenario, queries.standings(member).get(scenario.key))
        | {"rules_notice": approvals.notice(scenario.rubric)},
        "attempts": attempts.select_related("scenario").order_by("-created_at")[:20],
    }
    return render(request, "scenarios/detail.html", context)


@csp_update(csp.PLAYER)  # type: ignore[arg-type]  # its type knows only views without arguments
@require_GET
def play(request: HttpRequest, key: str) -> HttpResponse:
    """The player, with brief and goal at hand."""
    member: Member = request.member  # type: ignore[attr-defined]
    org = Org.objects.get(pk=member.org_id)
    context = {"scenario": _card(_scenario_or_404(key), None), "consent_text": org.recording_consent_text}
    return render(request, "calls/play.html", context)


def _scenario_or_404(key: str) -> Scenario:
    scenario = scenarios.get_scenario_for_practice(key)
    if scenario is None:
        raise Http404(f"Scenario {key!r} is not in your organisation's library.")
    return scenario


def _card(scenario: Scenario, standing: queries.Standing | None) -> dict[str, object]:
    return {
        "key": scenario.key,
        "code": scenario.code,
        "title": scenario.title,
        "summary": scenario.summary,
        "brief_for_rep": scenario.brief_for_rep,
        "vertical": scenario.vertical,
        "difficulty": scenario.difficulty,
        "tags": scenario.tags,
        "persona": {name: scenario.persona.get(name) for name in ("name", "age", "work", "mood", "gender")},
        "goal": scenario.goal.get("label", ""),
        "time_limit_s": scenario.time_limit_s,
        "version": scenario.version,
        "must": [phrase.get("label") for phrase in scenario.rubric.get("phrases", [])],
        "must_not": [phrase.get("label") for phrase in scenario.rubric.get("forbidden", [])],
        "grave_rules": [
            check["label"] for check in scenario.rubric.get("compliance", []) if check["severity"] == "fail"
        ],
        "attempts_count": standing.attempts_count if standing else 0,
        "best_score": standing.best_score if standing else None,
    }
