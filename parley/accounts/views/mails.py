"""Where the link under a mail leads: no more of these. Open to anybody: the signed link is the permission."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parley.accounts import notices
from parley.accounts.models import NOTIFICATIONS


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the address is signed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, then send no more mails of this kind; programs that only look change nothing."""
    found = notices.stopped_by_token(token)
    if found is None:
        return render(request, "accounts/mails_stop.html", {"state": "unknown"}, status=404)
    stopped = request.method == "POST" and notices.stop_mails(*found)
    context = {"state": "stopped" if stopped else "ask", "kind": NOTIFICATIONS[found[1]]}
    return render(request, "accounts/mails_stop.html", context)
