"""The audit log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from parley.accounts import audit
from parley.accounts.access import for_roles
from parley.accounts.views.frame import admin_page
from parley.core.csv import rows_as_csv

HEAD = ["at", "who", "action", "what", "row", "column", "old", "new", "from"]


@require_GET
@for_roles("admin")
def log(request: HttpRequest) -> HttpResponse:
    """Who changed what, newest first, filtered by the address."""
    wish = audit.Wish.of(request.GET)
    lines, after = audit.page_of(wish)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "wish": wish,
        "lines": lines,
        "after": after,
        "query": query.urlencode(),
        "people": audit.people(),
        "kinds": audit.KINDS,
        "actions": audit.ACTIONS,
    }
    return admin_page(request, "accounts/audit.html", context, tab="admin-audit")


@require_GET
@for_roles("admin")
def log_csv(request: HttpRequest) -> HttpResponseBase:
    """The entries that fit the address, as CSV."""
    # Read now: a body that is streamed leaves after the member's claims have ended.
    rows = list(audit.exported(audit.Wish.of(request.GET)))
    answer = StreamingHttpResponse(rows_as_csv(HEAD, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return answer
