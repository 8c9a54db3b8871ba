"""What answers before anything else looks at a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class CompressedPages(GZipMiddleware):
    """Send whole pages gzipped, with Django's guard against BREACH; what is streamed must leave at once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress the answer when it is a whole one that gains by it."""
        if not isinstance(response, HttpResponse):
            return response
        return super().process_response(request, response)


def health_first(get_response: GetResponse) -> GetResponse:
    """Answer /healthz before sessions, hosts and sign-in are touched: load balancers ask by address."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            from parley.core.health import healthz

            return healthz(request)
        return get_response(request)

    return middleware
