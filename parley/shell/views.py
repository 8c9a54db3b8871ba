"""Pages that span the domains."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.calls import queries as calls
from parley.core.tenancy import Member
from parley.scenarios import queries as scenarios


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where a member lands: what to practise next, recent attempts, own average."""
    member: Member = request.member  # type: ignore[attr-defined]
    attempts = calls.attempts_of(member)
    scores = [float(attempt.score) for attempt in attempts if attempt.score is not None]
    standings = calls.standings(member)
    library = scenarios.library()
    untried = [scenario for scenario in library if scenario.key not in standings]
    weakest = sorted(library, key=lambda s: (standings[s.key].best_score or 0.0) if s.key in standings else 101.0)
    context = {
        "attempts": attempts[:6],
        "attempts_count": len(attempts),
        "average_score": round(sum(scores) / len(scores), 1) if scores else None,
        "best_score": max(scores, default=None),
        "scenarios_tried": len(standings),
        "scenarios_count": len(library),
        "next_scenario": untried[0] if untried else next(iter(weakest), None),
        "next_is_new": bool(untried),
    }
    return render(request, "shell/dashboard.html", context)
