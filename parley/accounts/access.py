"""Which addresses open without sign-in.

Everything else needs one; a test walks the URL map and holds it to this list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from parley.core.tenancy import Member, Role

# Each entry is a regular expression over the path, with the reason why nobody has to be signed in.
PUBLIC: dict[str, str] = {
    r"/": "the public home page",
    r"/healthz": "load balancers ask it",
    r"/offline/": "what the browser keeps to show when there is no network",
    r"/service-worker\.js": "a script that carries no data",
    r"/robots\.txt": "search engines ask it",
    r"/favicon\.ico": "browsers ask for it anywhere",
    r"/static/.*": "assets carry no data",
    r"/storage/.*": "the signature in the address is the permission",
    r"/sign-in/.*": "the door itself",
    r"/sign-out/": "leaving must always work",
    r"/accounts/.*": "sign-in, sign-up and password reset pages of allauth, which guard themselves",
    r"/invitation/.*": "the signed link is the permission",
    r"/mails/stop/.*": "the signed link under a mail is the permission, also for mail programs",
    r"/demo/sign-in": "one-click sign-in; answers 404 unless this is a demo installation",
}
# Signed in, but not as a member of an organisation: these run as the authenticator, outside any tenant.
IDENTITY: dict[str, str] = {
    r"/no-membership/": "says what to do when an identity has no profile",
    r"/switch/": "chooses the organisation to act in",
    r"/settings/(sign-in|sessions)/": "ways to sign in belong to the identity, not to an organisation",
    r"/dashboard/health/": "asks how the installation is, which no member may see as themselves; admins only",
}


def is_public(path: str) -> bool:
    """May anybody open this path?"""
    return any(re.fullmatch(pattern, path) for pattern in PUBLIC)


def is_identity_page(path: str) -> bool:
    """Does this path run before a member is known?"""
    return is_public(path) or any(re.fullmatch(pattern, path) for pattern in IDENTITY)


def member_of(request: HttpRequest) -> Member:
    """Who acts; on every page but public ones and those of the identity."""
    member: Member = request.member  # type: ignore[attr-defined]
    return member


View = Callable[..., HttpResponseBase]


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Open the view to these roles alone; others are refused with 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if member_of(request).role not in roles:
                raise PermissionDenied("This page is for " + " and ".join(roles) + ".")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
