"""Pages about being forgotten: the admins' requests, one person's erasure, and one's own wish."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from parley.accounts.access import for_roles, member_of
from parley.accounts.actions.people import Refused
from parley.accounts.models import Org, User
from parley.accounts.views.frame import admin_page
from parley.core.tenancy import Member
from parley.reporting import erasures, jobs
from parley.reporting.models import Erasure


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def requests(request: HttpRequest) -> HttpResponse:
    """Who asks to be erased, and who was; POST leaves somebody as they are."""
    if request.method == "POST":
        row = get_object_or_404(Erasure, pk=_uuid(request.POST.get("erasure", "")))
        if erasures.refuse_request(row, by=member_of(request)):
            messages.success(request, "The request is declined. Tell the person why.")
        else:
            messages.info(request, "This request was decided before.")
        return redirect("admin-erasures")
    rows = list(Erasure.objects.select_related("by").order_by("-asked_at")[:200])
    people = User.objects.in_bulk([row.user_id for row in rows])
    waiting = [(row, people.get(row.user_id)) for row in rows if row.status in ("asked", "queued", "failed")]
    decided = [row for row in rows if row.status in ("done", "withdrawn", "refused")]
    context = {"waiting": waiting, "decided": decided, "is_busy": any(row.status == "queued" for row, _ in waiting)}
    return admin_page(request, "reporting/erasures.html", context, tab="admin-erasures")


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def erase(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """What goes and what stays when this person is erased; POST with their address typed begins it."""
    person, problem = get_object_or_404(User.objects.select_related("team"), pk=user_id), ""
    if request.method == "POST":
        try:
            row = erasures.decide_erasure(person, typed=request.POST.get("typed", ""), by=member_of(request))
            jobs.erase_person.defer(erasure_id=str(row.pk))
            messages.success(request, f"{person.full_name} is being erased and can no longer sign in.")
            return redirect("admin-erasures")
        except Refused as refused:
            problem = str(refused)
    context = {
        "person": person,
        "going": erasures.what_would_go(person),
        "managed": person.managed_teams.filter(archived_at=None),
        "typed": request.POST.get("typed", ""),
        "problem": problem,
        "asked": Erasure.objects.filter(user_id=user_id, status="asked", asked_by_person=True).first(),
    }
    return admin_page(request, "reporting/erase.html", context, tab="admin-erasures", status=422 if problem else 200)


@require_POST
def own_request(request: HttpRequest) -> HttpResponse:
    """Ask to be erased, with one's own address typed, or take that back."""
    member = member_of(request)
    if request.POST.get("change") == "withdraw":
        if erasures.withdraw_request(by=member):
            messages.success(request, "Your request is withdrawn. Nothing was erased.")
        else:
            messages.info(request, "There is no request to withdraw; it may be decided already.")
    elif request.POST.get("typed", "").strip().casefold() != member.email.casefold():
        messages.error(request, f"Nothing was asked: type {member.email} to confirm.")
    else:
        erasures.ask_to_be_erased(by=member)
        messages.success(request, "Your admins are asked to erase you. You can take it back until they do.")
    return redirect("settings-data")


def own_standing(member: Member) -> dict[str, object]:
    """What the page of one's own data says about being forgotten."""
    mine = Erasure.objects.filter(user_id=member.user_id).order_by("-asked_at").first()
    admins = User.objects.filter(org_id=member.org_id, role="admin", is_active=True).exclude(pk=member.user_id)
    return {
        "request_of_mine": mine,
        "admins": [user.full_name for user in admins.order_by("first_name")[:5]],
        "retention_days": Org.objects.values_list("retention_days", flat=True).get(pk=member.org_id),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
