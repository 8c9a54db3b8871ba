"""What every template may use about who looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from parley.accounts import demo


def member(request: HttpRequest) -> dict[str, Any]:
    """`member` (None before sign-in) and `demo_members`, whom one click signs in (empty unless this is a demo)."""
    people = demo.DEMO_MEMBERS if demo.is_demo(request) else ()
    return {"member": getattr(request, "member", None), "demo_members": people}
