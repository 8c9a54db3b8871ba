"""Many people at once: bring a list, look at every line's fate, import it, undo it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.accounts import jobs
from parley.accounts.access import for_roles, member_of
from parley.accounts.forms.people import ListForm
from parley.accounts.imports import actions, columns
from parley.accounts.imports.reading import MAX_ROWS, UnreadableList
from parley.accounts.models import FATES, PeopleImport, Team
from parley.accounts.seats import seats_of
from parley.accounts.views.frame import admin_page
from parley.core.csv import rows_as_csv

PER_PAGE = 50
FATE_WORDS = {"new": "New", "changed": "Changed", "unchanged": "Unchanged", "refused": "Refused"}
FATE_TONES = {"new": "good", "changed": "rep", "unchanged": "", "refused": "poor"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def imports(request: HttpRequest) -> HttpResponse:
    """Bring a list, as a file or pasted; earlier lists stand below."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        try:
            name, data = form.content()
            made = actions.preview_list(data, file_name=name, by=member_of(request))
            return redirect("admin-import", import_id=made.pk)
        except UnreadableList as wrong:
            form.add_error("pasted" if form.is_pasted else "file", str(wrong))
    context = {
        "form": form,
        "columns": [(name, words) for name, words in columns.COLUMNS.items()],
        "earlier": PeopleImport.objects.exclude(status="draft").select_related("by").order_by("-created_at")[:20],
        "seats": seats_of(member_of(request).org_id),
        "most": MAX_ROWS,
        "teams": Team.objects.filter(archived_at=None).order_by("name")[:200],
    }
    status = 422 if form.errors else 200
    return admin_page(request, "accounts/imports.html", context, tab="admin-users", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def one(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """A list before, while and after it is imported; POST imports, undoes or discards it."""
    batch = get_object_or_404(PeopleImport.objects.select_related("by"), pk=import_id)
    if request.method == "POST":
        return _change(request, batch)
    return admin_page(request, "accounts/import.html", _shown(request, batch), tab="admin-users")


def _change(request: HttpRequest, batch: PeopleImport) -> HttpResponse:
    member, change = member_of(request), request.POST.get("change", "")
    who = {"import_id": str(batch.pk), "user_id": str(member.user_id), "org_id": str(member.org_id)}
    if change == "import" and actions.begin_import(batch, invites=bool(request.POST.get("invites")), by=member):
        jobs.import_people.defer(**who)
    elif change == "undo" and request.POST.get("understood"):
        if actions.begin_undo(batch, by=member):
            jobs.undo_import.defer(**who)
    elif change == "undo":
        messages.error(request, "Nothing was undone: tick the box to confirm, then press the button again.")
    elif change == "discard" and actions.discard_draft(batch):
        messages.success(request, "The list is discarded. Nobody was changed.")
        return redirect("admin-imports")
    else:
        messages.info(request, "This list was begun already.")
    return redirect("admin-import", import_id=batch.pk)


@require_GET
@for_roles("admin")
def refused_csv(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The refused lines as they came, with the reason; corrected they can be brought again."""
    batch = get_object_or_404(PeopleImport, pk=import_id)
    width = len(batch.header)
    rows = [
        [*(row.cells + [""] * width)[:width], row.line, row.why]
        for row in batch.rows.filter(fate="refused").order_by("line")
    ]
    head = [*batch.header, "line", "why it was refused"]
    return _csv("refused.csv", head, rows)


@require_GET
@for_roles("admin")
def template_csv(request: HttpRequest) -> HttpResponseBase:
    """An empty list with all headings."""
    return _csv("people-template.csv", columns.TEMPLATE, [])


@require_POST
@for_roles("admin")
def invitations(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Write to those whom the list made and who were not invited yet."""
    batch, member = get_object_or_404(PeopleImport, pk=import_id), member_of(request)
    waiting = actions.invite_all(batch, by=member)
    for user_id in waiting:
        jobs.send_invitation.defer(user_id=str(user_id), inviter=member.name)
    messages.success(request, f"{len(waiting)} invitation{'' if len(waiting) == 1 else 's'} on the way.")
    return redirect("admin-import", import_id=batch.pk)


def _shown(request: HttpRequest, batch: PeopleImport) -> dict[str, Any]:
    counts = {fate: batch.rows.filter(fate=fate).count() for fate in FATES}
    fate = request.GET.get("fate", "")
    rows = batch.rows.order_by("line")
    if fate in FATES:
        rows = rows.filter(fate=fate)
    total = counts["new"] + counts["changed"]
    done = batch.rows.filter(fate__in=("new", "changed"), done_at__isnull=False).count()
    return {
        "batch": batch,
        "counts": [(key, FATE_WORDS[key], FATE_TONES[key], counts[key]) for key in FATES],
        "n": counts,
        "all": sum(counts.values()),
        "to_do": total,
        "done": done,
        "percent": round(100 * done / total) if total else 0,
        "columns": [
            (heading, columns.COLUMNS.get(name, "")) for heading, name in zip(batch.header, batch.columns, strict=False)
        ],
        "fate": fate if fate in FATES else "",
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": f"fate={fate}" if fate in FATES else "",
        "made": batch.rows.filter(made__isnull=False).count(),
        "uninvited": len(actions.waiting_for_invitation(batch)),
        "words": FATE_WORDS,
        "tones": FATE_TONES,
    }


def _csv(name: str, head: list[str], rows: list[list[Any]]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(rows_as_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
