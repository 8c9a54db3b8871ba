"""What every template may use about who looks at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def member(request: HttpRequest) -> dict[str, Any]:
    """`member` (None before sign-in) and `demo` (is this a demo installation?)."""
    return {"member": getattr(request, "member", None), "demo": settings.DEMO}
