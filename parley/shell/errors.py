"""Error pages in the house style; below /api/ they are JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

_SENTENCES = {
    403: ("forbidden", "You may not open this."),
    404: ("not_found", "There is nothing at this address."),
    500: ("server_error", "Something went wrong on our side. Nothing you recorded is lost; try again in a moment."),
}


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    code, message = _SENTENCES[status]
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": code, "message": message}}, status=status)
    return render(request, f"{status}.html", {"message": message}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without sessions and context, because the database may be what failed."""
    code, message = _SENTENCES[500]
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": code, "message": message}}, status=500)
    return HttpResponse(get_template("500.html").render({"message": message}), status=500)
