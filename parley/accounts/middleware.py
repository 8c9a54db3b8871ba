"""Every address needs sign-in unless `access.PUBLIC` lists it; every domain page runs as the signed-in member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from parley.accounts import access, queries
from parley.accounts.models import User
from parley.core.tenancy import Member, acting_as, note_origin

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class MemberRequest(HttpRequest):
    """A request of a signed-in member, as domain views receive it."""

    member: Member


def sign_in_required(get_response: GetResponse) -> GetResponse:
    """Send strangers to the sign-in page; answer 401 with JSON below /api/."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.member = None  # type: ignore[attr-defined]
        _accept_bearer(request)
        if request.user.is_authenticated or access.is_public(request.path):
            return get_response(request)
        if request.path.startswith("/api/"):
            error = {"code": "sign_in", "message": "Sign in first, or send an API token as `Authorization: Bearer …`."}
            return JsonResponse({"error": error}, status=401)
        return redirect_to_login(request.get_full_path())

    return middleware


def act_as_member(get_response: GetResponse) -> GetResponse:
    """Wrap the request in `acting_as(member)`; an answer of 500 or above rolls back."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated or access.is_identity_page(request.path):
            return get_response(request)
        member = queries.choose_member(request.user, request.session.get("org_id"))
        if member is None:
            if request.path.startswith("/api/"):
                error = {
                    "code": "no_membership",
                    "message": "You belong to no organisation yet. Ask your admin to invite you.",
                }
                return JsonResponse({"error": error}, status=403)
            return redirect("no-membership")
        request.member = member  # type: ignore[attr-defined]
        with acting_as(member), _in_the_words_of(member):
            theme = _note_sign_in(request, member)
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                note_origin(request.META.get("REMOTE_ADDR", ""))
            response = get_response(request)
            if theme:
                response.set_cookie("theme", theme, max_age=3600, samesite="Lax")
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    return middleware


@contextmanager
def _in_the_words_of(member: Member) -> Iterator[None]:
    """Times in the member's zone, numbers and dates as they write them."""
    try:
        zone = ZoneInfo(member.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    with timezone.override(zone), translation.override(member.locale):
        yield


def _note_sign_in(request: HttpRequest, member: Member) -> str:
    """Write down once per session that this person came in here; returns the theme they chose, for this browser."""
    if not request.session.session_key or request.session.get("seen_in") == str(member.org_id):
        return ""
    request.session["seen_in"] = str(member.org_id)
    mine = User.objects.filter(pk=member.user_id)
    mine.update(last_login_at=timezone.now())
    return mine.exclude(theme="system").values_list("theme", flat=True).first() or ""


def _accept_bearer(request: HttpRequest) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token and request.path.startswith("/api/"):
        identity = queries.identity_of_token(token.strip())
        if identity is not None:
            request.user = identity
            # No cookie was used, so there is nothing that a forged page could ride on.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
