"""Error pages in the house style: plain words and a way out. Below /api/ they are JSON.

Whoever is signed in keeps the frame with its sidebar. Everybody else, and everybody when something failed, gets
`plain.html`, which needs neither database nor session nor context processors.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from parley.core import maintenance
from parley.core.middleware import GetResponse

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What a person is told: a heading, a sentence on what happened, one on what to do."""

    status: int
    code: str
    title: str
    message: str
    advice: str = ""
    icon: str = "triangle-alert"
    has_retry: bool = False
    """The same address may answer in a moment."""
    waits: bool = False
    """The page looks by itself whether all is well again."""
    headers: dict[str, str] = field(default_factory=dict)


BAD_REQUEST = Problem(
    400,
    "bad_request",
    "That could not be read",
    "What your browser sent was not complete or not well formed, so nothing was changed.",
    "Go back, reload the page and try once more.",
)
FORBIDDEN = Problem(
    403,
    "forbidden",
    "You may not open this page",
    "Your role in this organisation does not include it.",
    "If it should, ask your admin.",
    icon="ban",
)
FORM_EXPIRED = Problem(
    403,
    "csrf",
    "This form is no longer valid",
    "It was open for too long, you signed in again meanwhile, or your browser keeps no cookies. Nothing was changed.",
    "Go back, reload the page and send it once more. What you typed may still be there to copy.",
    icon="clock",
)
NOT_FOUND = Problem(
    404,
    "not_found",
    "There is nothing here",
    "The address may be mistyped, or what it named was removed or belongs to another organisation.",
    icon="file-question-mark",
)
WRONG_METHOD = Problem(
    405,
    "method_not_allowed",
    "This address only takes forms",
    "It does something when a button of ours is pressed, and has no page to show.",
    "Nothing was changed.",
    icon="info",
)
TOO_LARGE = Problem(
    413,
    "too_large",
    "That is too large to send",
    "What you sent is larger than this page takes, so none of it was kept.",
    "Go back and choose a smaller file, or send it in parts.",
    icon="upload",
)
SERVER_ERROR = Problem(
    500,
    "server_error",
    "Something went wrong on our side",
    "Nothing you recorded is lost, and what you were changing was not changed by half.",
    "Try again in a moment. If it stays, give your admin the reference below: it finds the cause in the log.",
    icon="server-crash",
    has_retry=True,
)
OFFLINE = Problem(
    0,
    "offline",
    "You are offline",
    "This page could not be reached. What you recorded and saved before is safe.",
    "Check your connection. The page opens by itself when you are back.",
    icon="wifi-off",
    has_retry=True,
    waits=True,
)

RETRY_AFTER_S = 120
STAYS_OPEN = ("/healthz", settings.STATIC_URL)
"""During maintenance load balancers still ask how we are, and the page needs its looks."""


def at_work(said: maintenance.Maintenance) -> Problem:
    """What everybody is told while maintenance is on."""
    back = f"We expect to be back at {said.until}." if said.until else "It should not take long."
    return Problem(
        503,
        "maintenance",
        "We are working on Parley",
        said.words or "It is closed for a moment while we do. What was recorded and scored is safe.",
        f"{back} This page opens by itself when we are done.",
        icon="clock",
        has_retry=True,
        waits=True,
        headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
    )


def answer(request: HttpRequest, problem: Problem, *, reference: str = "") -> HttpResponse:
    """The problem as JSON below /api/, within the frame for members, else as a page that needs nothing."""
    if request.path.startswith("/api/"):
        error = {"code": problem.code, "message": problem.message} | ({"reference": reference} if reference else {})
        made: HttpResponse = JsonResponse({"error": error}, status=problem.status)
    else:
        made = _page(request, problem, reference)
    for name, value in problem.headers.items():
        made[name] = value
    return made


def _page(request: HttpRequest, problem: Problem, reference: str) -> HttpResponse:
    context = {"problem": problem, "reference": reference, "here": request.get_full_path(), "back": _way_back(request)}
    made = HttpResponse(plain_page(context), status=problem.status)
    made.problem = context  # type: ignore[attr-defined]
    return made


def plain_page(context: dict[str, Any]) -> str:
    """The page that needs nothing."""
    return render_to_string("plain.html", context)


def _way_back(request: HttpRequest) -> str:
    """The page of ours from which this was asked for, when it is another one."""
    came_from = request.headers.get("Referer", "")
    try:
        is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    except Exception:  # a host that is not allowed is one of the problems shown here
        return ""
    return came_from if is_ours and came_from != request.build_absolute_uri() else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when more was sent than we take."""
    return answer(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return answer(request, FORBIDDEN)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token; `reason` is Django's and goes to the log by itself."""
    return answer(request, FORM_EXPIRED)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return answer(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a reference that stands in the log beside the traceback."""
    reference = secrets.token_hex(4)
    log.error("Request failed; reference=%s method=%s path=%s", reference, request.method, request.path, exc_info=True)
    return answer(request, SERVER_ERROR, reference=reference)


def frame_for_members(get_response: GetResponse) -> GetResponse:
    """Show members a problem within the frame, and say in words what Django's empty 405 leaves blank.

    Handlers of problems may run in another thread, where nobody acts; here the member still does.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            allowed = response["Allow"]
            response = answer(request, WRONG_METHOD)
            response["Allow"] = allowed
        context = getattr(response, "problem", None)
        if not context or response.status_code >= 500 or getattr(request, "member", None) is None:
            return response
        try:
            response.content = render_to_string("problem.html", context, request)  # type: ignore[attr-defined]
        except DatabaseError:  # the frame counts and names: on a broken transaction the plain page must do
            log.warning("A problem is shown without the frame.", exc_info=True)
        return response

    return middleware


def closed_for_maintenance(get_response: GetResponse) -> GetResponse:
    """Answer 503 to everything while maintenance is on, before sessions and database are touched."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        said = None if request.path.startswith(STAYS_OPEN) else maintenance.current()
        return get_response(request) if said is None else answer(request, at_work(said))

    return middleware
