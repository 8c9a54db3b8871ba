"""The dashboard of each role, and how the installation is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from parley.accounts.queries import choose_member
from parley.core.tenancy import Member, Role, acting_as
from parley.shell.dashboards import admin, health, hr, manager, trainee

PAGES: dict[Role, Callable[[Member, QueryDict], dict[str, Any]]] = {
    "trainee": trainee.page,
    "manager": manager.page,
    "admin": admin.page,
    "hr": hr.page,
}


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where a member lands: the answer to what their role comes with, and the figures behind it."""
    member: Member = request.member  # type: ignore[attr-defined]
    context = PAGES[member.role](member, request.GET)
    clock = context["clock"] if "clock" in context else context["filters"].clock
    with timezone.override(clock.own_zone):
        return render(request, f"shell/dashboards/{member.role}.html", context)


@require_GET
def system_health(request: HttpRequest) -> HttpResponse:
    """How the parts of the installation are, for admins. It asks as nobody, so it runs before a member is known."""
    member = choose_member(request.user, request.session.get("org_id"))  # type: ignore[arg-type]
    if member is None:
        return redirect("no-membership")
    if member.role != "admin":
        raise PermissionDenied("System health is for admins.")
    parts = health.parts()
    if request.headers.get("HX-Request"):
        return render(request, "shell/dashboards/_health.html", {"parts": parts})
    request.member = member  # type: ignore[attr-defined]
    with acting_as(member):
        return render(request, "shell/dashboards/health.html", {"parts": parts})
