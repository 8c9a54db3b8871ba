"""Settings of the identity: how one signs in, and where one is signed in.

These run as the authenticator, because identities belong to no organisation. What was read is then shown by a page that
is made as the member.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from parley.accounts import queries, sign_in
from parley.accounts.models import Identity
from parley.accounts.views.frame import settings_page
from parley.core.tenancy import acting_as


@require_GET
def sign_in_methods(request: HttpRequest) -> HttpResponse:
    """Every way in which one signs in, each with the page that changes it."""
    return _page(request, "sign-in", {"methods": sign_in.methods_of(_identity(request), request)})


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; POST signs out elsewhere: everywhere, or the one browser that is named."""
    identity = _identity(request)
    if request.method == "POST":
        ended = sign_in.end_sessions(identity, request, key=request.POST.get("key"))
        words = "You are signed out in 1 other browser." if ended == 1 else f"You are signed out in {ended} browsers."
        messages.success(request, words if ended else "You were signed in nowhere else.")
        return redirect("settings-sessions")
    return _page(request, "sessions", {"sessions": sign_in.sessions_of(identity, request)})


def _identity(request: HttpRequest) -> Identity:
    assert isinstance(request.user, Identity)
    return request.user


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    member = queries.choose_member(_identity(request), request.session.get("org_id"))
    if member is None:
        return redirect("no-membership")
    request.member = member  # type: ignore[attr-defined]
    with acting_as(member):
        return settings_page(request, f"accounts/{name.replace('-', '_')}.html", context, tab=f"settings-{name}")
