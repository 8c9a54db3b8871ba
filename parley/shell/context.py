"""What the frame around every page shows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from parley.core.tenancy import Member
from parley.shell import counts, nav


def shell(request: HttpRequest) -> dict[str, Any]:
    """`sidebar`, `own_pages` and `trail`, made when a template asks for them; nothing before sign-in."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        return {}
    known = member

    @lru_cache(maxsize=1)  # sidebar and drawer show the same
    def sidebar() -> list[tuple[str, list[nav.Step]]]:
        return nav.sidebar(known, request.resolver_match, counts.counts_for(known))

    return {
        "sidebar": sidebar,
        "own_pages": lambda: nav.own(known),
        "trail": lambda: nav.trail(request.resolver_match),
        "is_collapsed": request.COOKIES.get("sidebar") == "collapsed",
    }
