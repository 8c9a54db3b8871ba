"""Public pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public home page; members go to their dashboard."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    return render(request, "marketing/home.html")
