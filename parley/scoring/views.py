"""The review page and the list of attempts."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.core.tenancy import Member
from parley.scoring import live, queries
from parley.scoring.review import Review


@require_GET
def attempts(request: HttpRequest) -> HttpResponse:
    """The member's own calls, newest first."""
    member: Member = request.member  # type: ignore[attr-defined]
    return render(request, "scoring/attempts.html", {"attempts": queries.attempts_of(member)})


@require_GET
def review(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """One call: score, KPIs, feedback, transcript and recording. It appears while scoring still runs."""
    return render(request, "scoring/review.html", {"review": _review_or_404(request, attempt_id)})


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


def _review_or_404(request: HttpRequest, attempt_id: UUID) -> Review:
    member: Member = request.member  # type: ignore[attr-defined]
    found = queries.get_review(attempt_id, member)
    if found is None:
        raise Http404("This call does not exist, or it is not yours to review.")
    return found
