"""The page where people take a copy of what is known about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from parley.accounts.access import member_of
from parley.accounts.views.frame import settings_page
from parley.core.storage import bucket, sign_url
from parley.core.tenancy import Member
from parley.reporting import jobs
from parley.reporting.erasure_views import own_standing


@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What was exported so far, to download; POST asks for another copy."""
    member = member_of(request)
    if request.method == "POST":
        jobs.export_person.defer(user_id=str(member.user_id), org_id=str(member.org_id), role=member.role)
        messages.success(request, "Your copy is being made. Load this page again in a minute.")
        return redirect("settings-data")
    context = {"files": _files(member), **own_standing(member)}
    return settings_page(request, "reporting/my_data.html", context, tab="settings-data")


def _files(member: Member) -> list[tuple[str, str]]:
    """Name and signed address of each export, newest first."""
    folder = f"{member.org_id}/{member.user_id}"
    try:
        names = bucket("exports").listdir(folder)[1]
    except FileNotFoundError:
        return []
    mine = sorted((name for name in names if name.startswith("my-data-")), reverse=True)
    return [(name, sign_url("exports", f"{folder}/{name}")) for name in mine]
