"""The page where admins and scenario authors prove their scenarios."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from parley.core.tenancy import Member
from parley.scenarios.models import Scenario
from parley.scoring.evals import queries
from parley.scoring.evals.actions import ask_for_eval
from parley.scoring.jobs import run_eval_job


@require_GET
def evals(request: HttpRequest) -> HttpResponse:
    """Every scenario with what its last eval showed."""
    _author(request)
    return render(request, "scoring/evals.html", _context())


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The part of the page that follows a run; polled while one is under way."""
    _author(request)
    return render(request, "scoring/_evals.html", _context())


@require_POST
def run(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Ask for an eval of a scenario; one that waits or runs is not asked for twice."""
    member = _author(request)
    scenario = get_object_or_404(Scenario.objects.published(), pk=scenario_id, playbook__isnull=False)
    asked = ask_for_eval(scenario, by=member)
    run_eval_job.configure(lock="slow", priority=-5).defer(eval_id=str(asked.pk))
    return redirect("evals")


def _context() -> dict[str, object]:
    found = queries.eval_rows()
    return {"rows": found, "is_busy": any(row.running_percent is not None for row in found)}


def _author(request: HttpRequest) -> Member:
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_any("manager", "admin"):
        raise PermissionDenied("Scenarios are proved by managers and admins, who write them.")
    return member
