"""Administration of people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.accounts import directory, jobs
from parley.accounts.access import for_roles, member_of
from parley.accounts.actions import people as actions
from parley.accounts.forms.people import ROLE_WORDS, InviteForm, UserForm
from parley.accounts.models import Team, User
from parley.accounts.views.frame import admin_page
from parley.core.csv import rows_as_csv

COLUMNS = {"name": "Name", "email": "E-mail", "role": "Role", "team": "Team", "seen": "Last here"}


@require_GET
@for_roles("admin", "hr")
def users(request: HttpRequest) -> HttpResponse:
    """Everybody, searched, filtered, sorted and paged by the address; hr reads."""
    wish = directory.Wish.of(request.GET)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "wish": wish,
        "page": directory.page_of(wish),
        "columns": directory.sort_links(request.GET, COLUMNS),
        "teams": Team.objects.order_by("name"),
        "roles": list(ROLE_WORDS),
        "states": directory.STATES,
        "query": query.urlencode(),
    }
    return admin_page(request, "accounts/users.html", context, tab="admin-users")


@require_GET
@for_roles("admin", "hr")
def users_csv(request: HttpRequest) -> HttpResponseBase:
    """The people who fit the address, as CSV; nothing in it runs as a formula."""
    head = ["email", "first_name", "last_name", "title", "role", "team", "phone", "nmls_id", "licensed_states", "state"]
    rows = [
        [
            user.email, user.first_name, user.last_name, user.title, user.role, user.team.name if user.team else "",
            user.phone, user.nmls_id, " ".join(user.licensed_states),
            "invited" if user.is_invited else "active" if user.is_active else "deactivated",
        ]
        for user in directory.people(directory.Wish.of(request.GET))
    ]  # fmt: skip
    answer = StreamingHttpResponse(rows_as_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = member_of(request)
        try:
            user = actions.invite_user(**form.cleaned_data, by=member)
            jobs.send_invitation.defer(user_id=str(user.pk), inviter=member.name)
            messages.success(request, f"{user.email} is invited. The link in the mail works for 7 days.")
            return redirect("admin-users")
        except actions.Refused as refused:
            form.add_error("email", str(refused))
    status = 422 if form.errors else 200
    return admin_page(request, "accounts/invite.html", {"form": form}, tab="admin-users", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One person: role, team and profile."""
    person = get_object_or_404(User.objects.select_related("team"), pk=user_id)
    form = UserForm(request.POST or None, user=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_user(person, form.cleaned_data, by=member_of(request))
            messages.success(request, f"{person.full_name} is saved.")
            return redirect("admin-user", user_id=user_id)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
    status = 422 if form.errors else 200
    context = {"form": form, "person": person, "managed": person.managed_teams.filter(archived_at=None)}
    return admin_page(request, "accounts/user.html", context, tab="admin-users", status=status)


@require_POST
@for_roles("admin")
def user_standing(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Invite again, deactivate (confirmed by a tick) or reactivate somebody."""
    person = get_object_or_404(User, pk=user_id)
    try:
        messages.success(request, _change_standing(request, person))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("admin-user", user_id=user_id)


def _change_standing(request: HttpRequest, person: User) -> str:
    member, change = member_of(request), request.POST.get("change", "")
    if change == "invite":
        actions.invite_again(person, by=member)
        jobs.send_invitation.defer(user_id=str(person.pk), inviter=member.name)
        return f"A new link is on its way to {person.email}; earlier ones no longer work."
    if change == "deactivate" and request.POST.get("understood"):
        actions.deactivate_user(person, by=member)
        return f"{person.full_name} is deactivated and can no longer sign in here."
    if change == "reactivate":
        actions.reactivate_user(person, by=member)
        return f"{person.full_name} can sign in again."
    raise actions.Refused("Nothing was changed: tick the box to confirm, then press the button again.")
