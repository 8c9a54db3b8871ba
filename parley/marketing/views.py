"""Public pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

ROBOTS = "User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n"
"""The home page is for everybody; the rest is for people who sign in, and nothing for a search engine."""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    return HttpResponse(ROBOTS, content_type="text/plain")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public home page; members go to their dashboard."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    return render(request, "marketing/home.html")
