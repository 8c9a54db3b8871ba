"""What admins change about teams."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from parley.accounts.actions.people import Refused
from parley.accounts.models import Team, User
from parley.accounts.teams import ids_below
from parley.core import events
from parley.core.tenancy import Member


@transaction.atomic
def create_team(*, name: str, kind: str, parent: Team | None, manager: User | None, by: Member) -> Team:
    """A new team. Raises Refused when the name is taken."""
    _lock_tree(by)
    _refuse_same_name(name, by=by)
    team = Team.objects.create(org_id=by.org_id, name=name, kind=kind, parent=parent, manager=manager)
    events.record("team.created", org_id=by.org_id, subject=("team", team.pk), actor_id=by.user_id)
    return team


@transaction.atomic
def change_team(team: Team, *, name: str, kind: str, parent: Team | None, manager: User | None, by: Member) -> Team:
    """Rename, move or hand over a team. Raises Refused for a name that is taken and for a place below itself."""
    _lock_tree(by)
    current = Team.objects.get(pk=team.pk)
    _refuse_same_name(name, by=by, but=current)
    if parent is not None and parent.pk in ids_below(current.pk):
        raise Refused(f"{current.name} cannot belong to {parent.name}, which is itself part of {current.name}.")
    values = {"name": name, "kind": kind, "parent": parent, "manager": manager}
    changed = [column for column, value in values.items() if getattr(current, column) != value]
    for column in changed:
        setattr(current, column, values[column])
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
        data = {"columns": changed}
        events.record("team.changed", org_id=by.org_id, subject=("team", team.pk), actor_id=by.user_id, data=data)
    return current


@transaction.atomic
def archive_team(team: Team, *, by: Member) -> bool:
    """Take a team out of use; what was done in it stays. Raises Refused while people or teams are in it."""
    _lock_tree(by)
    people = User.objects.filter(team_id=team.pk, is_active=True).count()
    teams = Team.objects.filter(parent_id=team.pk, archived_at=None).count()
    if people or teams:
        raise Refused(f"{team.name} still has {_count(people, 'person', 'people')} and {_count(teams, 'team', 'teams')}"
                      " in it; move them first.")  # fmt: skip
    if not Team.objects.filter(pk=team.pk, archived_at=None).update(archived_at=timezone.now()):
        return False
    events.record("team.archived", org_id=by.org_id, subject=("team", team.pk), actor_id=by.user_id)
    return True


@transaction.atomic
def restore_team(team: Team, *, by: Member) -> bool:
    """Take an archived team into use again. Raises Refused while what it belongs to is archived."""
    _lock_tree(by)
    if team.parent is not None and team.parent.archived_at is not None:
        raise Refused(f"{team.parent.name}, which it belongs to, is archived; restore that first.")
    if not Team.objects.filter(pk=team.pk, archived_at__isnull=False).update(archived_at=None):
        return False
    events.record("team.restored", org_id=by.org_id, subject=("team", team.pk), actor_id=by.user_id)
    return True


def _lock_tree(by: Member) -> None:
    # Two moves that are harmless alone can make a circle together; whoever moves waits for the other.
    list(Team.objects.select_for_update().filter(org_id=by.org_id).order_by("pk").values_list("pk"))


def _refuse_same_name(name: str, *, by: Member, but: Team | None = None) -> None:
    same = Team.objects.filter(org_id=by.org_id, name__iexact=name).values_list("pk", flat=True)
    if set(same) - {but.pk if but else None}:
        raise Refused(f"There is already a team called {name}; choose another name.")


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
