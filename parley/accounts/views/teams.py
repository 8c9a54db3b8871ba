"""Administration of teams."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from parley.accounts import teams as reads
from parley.accounts.access import for_roles, member_of
from parley.accounts.actions import teams as actions
from parley.accounts.actions.people import Refused
from parley.accounts.forms.people import TeamForm
from parley.accounts.models import Team
from parley.accounts.views.frame import admin_page


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of teams; POST makes another one."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team = actions.create_team(**form.cleaned_data, by=member_of(request))
            messages.success(request, f"{team.name} is there now.")
            return redirect("admin-teams")
        except Refused as refused:
            form.add_error("name", str(refused))
    context = {"form": form, "tree": reads.tree(), "archived": reads.archived()}
    status = 422 if form.errors else 200
    return admin_page(request, "accounts/teams.html", context, tab="admin-teams", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin")
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Rename, move or hand over one team."""
    found = get_object_or_404(Team.objects.select_related("parent", "manager"), pk=team_id)
    initial = {"name": found.name, "kind": found.kind, "parent": found.parent_id, "manager": found.manager_id}
    form = TeamForm(request.POST or None, initial=initial, below=reads.ids_below(team_id))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_team(found, **form.cleaned_data, by=member_of(request))
            messages.success(request, f"{form.cleaned_data['name']} is saved.")
            return redirect("admin-teams")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "team": found}
    status = 422 if form.errors else 200
    return admin_page(request, "accounts/team.html", context, tab="admin-teams", status=status)


@require_POST
@for_roles("admin")
def team_standing(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Archive a team, or take it into use again."""
    found = get_object_or_404(Team.objects.select_related("parent"), pk=team_id)
    try:
        if request.POST.get("change") == "restore":
            actions.restore_team(found, by=member_of(request))
            messages.success(request, f"{found.name} is in use again.")
        else:
            actions.archive_team(found, by=member_of(request))
            messages.success(request, f"{found.name} is archived. Its history stays.")
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("admin-team", team_id=team_id)
    return redirect("admin-teams")
