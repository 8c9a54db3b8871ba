"""The review page and the list of attempts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import IO
from uuid import UUID

import structlog
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from parley.accounts.clock import clock_of
from parley.calls import importing
from parley.calls.actions import CannotStart
from parley.core.tenancy import Member, acting_as
from parley.scoring import live, queries, uploads
from parley.scoring.example import get_example
from parley.scoring.forms import CONSENT, LONGEST_MINUTES, MOST_MB, ImportForm
from parley.scoring.jobs import draft_scenario_job, import_call_job
from parley.scoring.own_calls import read_own_filter
from parley.scoring.review import Review

log = structlog.get_logger(__name__)


@require_GET
def attempts(request: HttpRequest) -> HttpResponse:
    """The member's own calls, newest first, narrowed by the address."""
    member: Member = request.member  # type: ignore[attr-defined]
    asked = read_own_filter(request.GET)
    clock = clock_of(member)
    rows = queries.attempts_of(member, partial(asked.narrow, clock=clock), asked.criterion)
    with timezone.override(clock.own_zone):
        return render(request, "scoring/attempts.html", {"attempts": rows, "asked": asked})


@require_http_methods(["GET", "POST"])
def import_call(request: HttpRequest) -> HttpResponse:
    """The form for a real call; a good file becomes an attempt, which its review page follows."""
    member: Member = request.member  # type: ignore[attr-defined]
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = importing.start_import(form.chosen, by=member, consent_text=CONSENT)
        except CannotStart as reason:
            form.add_error("scenario", str(reason))
        else:
            file = form.cleaned_data["file"]
            taken = uploads.take_upload(file)
            transaction.on_commit(partial(_hand_over, attempt.pk, Path(file.name).name, taken, member))
            return redirect(attempt)
    context = {"form": form, "consent": CONSENT, "most_mb": MOST_MB, "longest_minutes": LONGEST_MINUTES}
    return render(request, "scoring/import.html", context, status=422 if request.method == "POST" else 200)


def _hand_over(attempt_id: UUID, name: str, copy: IO[bytes], member: Member) -> None:
    """Keep the file, once the attempt is there and no transaction is open, and leave it to a worker."""
    try:
        path = uploads.keep_upload(attempt_id, name, copy)
    except OSError as problem:
        log.exception("An upload could not be kept.", attempt_id=str(attempt_id))
        importing.refuse_import(attempt_id, f"{name} could not be kept ({problem.strerror}); upload it again.")
        return
    with acting_as(member):
        import_call_job.configure(lock="imports").defer(attempt_id=str(attempt_id), path=path)


@require_GET
def review(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """One call: score, KPIs, feedback, transcript and recording. It appears while scoring still runs."""
    found = _review_or_404(request, attempt_id)
    example = get_example(found.scenario_id, buyer_name=found.persona_name)
    return render(request, "scoring/review.html", {"review": found, "example": example})


@require_GET
def score(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The page's part that fills in by itself; polled until the score is there."""
    return render(request, "scoring/_score.html", {"review": _review_or_404(request, attempt_id)})


@require_GET
def feedback(request: HttpRequest, attempt_id: UUID) -> StreamingHttpResponse:
    """The feedback as it is written, as server-sent events; who comes back gets what is there at once."""
    member: Member = request.member  # type: ignore[attr-defined]
    if queries.get_feedback(attempt_id) is None:
        raise Http404("This call does not exist, has no feedback yet, or it is not yours to review.")
    answer = StreamingHttpResponse(live.feedback_events(attempt_id, member), content_type="text/event-stream")
    answer["Cache-Control"] = "no-cache"
    answer["X-Accel-Buffering"] = "no"
    return answer


@require_http_methods(["GET", "POST"])
def scenario_draft(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """A practice scenario drafted from an imported call, for authors; asking again gives the same draft."""
    member: Member = request.member  # type: ignore[attr-defined]
    if not queries.may_draft_from(attempt_id, member):
        raise Http404("This call does not exist, or no scenario can be made of it.")
    draft = queries.get_draft_of(attempt_id)
    if request.method == "POST" and draft is None:
        job = draft_scenario_job.configure(lock=f"draft:{attempt_id}")
        job.defer(attempt_id=str(attempt_id), user_id=str(member.user_id))
    context = {"attempt_id": attempt_id, "draft": draft, "is_waiting": draft is None and "wait" in request.GET}
    if request.method == "POST":
        return redirect(f"{request.path}?wait")
    return render(request, "scoring/scenario_draft.html", context)


def _review_or_404(request: HttpRequest, attempt_id: UUID) -> Review:
    member: Member = request.member  # type: ignore[attr-defined]
    found = queries.get_review(attempt_id, member)
    if found is None:
        raise Http404("This call does not exist, or it is not yours to review.")
    return found
