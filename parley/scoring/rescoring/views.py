"""Admins look at what another version of a rubric would do to history, and do it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from parley.core.tenancy import Member
from parley.scenarios.models import Scenario
from parley.scoring.jobs import rescore_job
from parley.scoring.models import Rescore
from parley.scoring.rescoring import actions, queries

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def rescore(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a version, see who would move and why, and apply it."""
    member = _admin(request)
    versions = queries.versions_of(member.org_id, key)
    if not versions:
        raise Http404(f"Scenario {key!r} is not in your organisation's library.")
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _version_or_404(member, key, asked.get("version", ""))
    measure_again, problem = asked.get("measure_again") == "1", ""
    if request.method == "POST" and chosen is not None:
        try:
            return _apply(chosen, member, measure_again, asked.get("expected_s", ""))
        except actions.CannotRescore as refused:
            problem = str(refused)
    shown = queries.preview(chosen, measure_again=measure_again) if chosen else None
    context = {
        "scenario_key": key,
        "scenario_title": versions[0].title,
        "versions": versions,
        "chosen": chosen,
        "measure_again": measure_again,
        "preview": shown,
        "rows": shown.rows[:SHOWN] if shown else [],
        "runs": queries.recent(key),
        "problem": problem,
    }
    return render(request, "scoring/rescore.html", context, status=409 if problem else 200)


@require_GET
def rescore_run(request: HttpRequest, rescore_id: UUID) -> HttpResponse:
    """How a run is getting on; the page asks again every two seconds until it is done."""
    _admin(request)
    run = Rescore.objects.select_related("scenario", "by").filter(pk=rescore_id).first()
    if run is None:
        raise Http404("This run does not exist, or it is not your organisation's.")
    elapsed_s = (timezone.now() - run.started_at).total_seconds() if run.started_at else 0.0
    percent = min(95, round(100 * elapsed_s / max(run.expected_s, 1.0))) if run.status == "running" else 0
    context = {"run": run, "elapsed_s": round(elapsed_s), "percent": percent}
    part = "scoring/_rescore_run.html" if request.headers.get("HX-Request") else "scoring/rescore_run.html"
    return render(request, part, context)


def _apply(scenario: Scenario, member: Member, measure_again: bool, expected_s: str) -> HttpResponse:
    expected = min(float(expected_s), 3600.0) if expected_s.replace(".", "", 1).isdigit() else 0.0
    run = actions.ask_rescore(scenario, by=member, measure_again=measure_again, expected_s=expected)
    rescore_job.configure(lock=f"rescore:{run.org_id}").defer(rescore_id=str(run.pk))
    return redirect("rescore-run", rescore_id=run.pk)


def _admin(request: HttpRequest) -> Member:
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_any("admin"):
        raise PermissionDenied("Only an admin scores history again.")
    return member


def _version_or_404(member: Member, key: str, version: str) -> Scenario | None:
    if not version:
        return None
    found = Scenario.objects.filter(org_id=member.org_id, key=key, version=version) if version.isdecimal() else None
    scenario = found.first() if found is not None and len(version) < 9 else None
    if scenario is None:
        raise Http404(f"Scenario {key!r} has no version {version[:20]!r}.")
    return scenario
