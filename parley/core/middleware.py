"""What answers before anything else looks at a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def health_first(get_response: GetResponse) -> GetResponse:
    """Answer /healthz before sessions, hosts and sign-in are touched: load balancers ask by address."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            from parley.core.health import healthz

            return healthz(request)
        return get_response(request)

    return middleware
