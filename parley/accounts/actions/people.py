"""What admins change about the people of their organisation."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parley.accounts.models import Org, Team, User
from parley.accounts.seats import seats_of
from parley.core import events
from parley.core.tenancy import Member, Role

EDITED = ("first_name", "last_name", "title", "company", "phone", "nmls_id", "licensed_states", "role", "team")


class Refused(Exception):
    """The change is not made; the text says why and what to do."""


@transaction.atomic
def invite_user(
    *,
    email: str,
    role: Role,
    first_name: str,
    last_name: str,
    team: Team | None,
    by: Member,
    invite: bool = True,
    **profile: Any,
) -> User:
    """Add somebody who is still to accept. Raises Refused when the address is taken here or no seat is left.

    Whoever calls this has the mail sent (`accounts.jobs.send_invitation`); with `invite` off it can be sent later.
    """
    there = User.objects.filter(org_id=by.org_id, email__iexact=email).first()
    if there is not None:
        state = "here already" if there.is_active else "deactivated; reactivate them instead"
        raise Refused(f"{email} is {state}.")
    _keep_within_seats(by)
    user = User.objects.create(
        org_id=by.org_id,
        email=email.lower(),
        role=role,
        first_name=first_name,
        last_name=last_name,
        team=team,
        invited_at=timezone.now() if invite else None,
        **profile,
    )
    _record("user.added", user, by=by, data={"role": role})
    return user


@transaction.atomic
def invite_again(user: User, *, by: Member) -> User:
    """Make earlier links void and begin the days anew. Raises Refused when the person has joined or was deactivated."""
    waiting = User.objects.filter(pk=user.pk, identity=None, is_active=True)
    now = timezone.now()
    if not waiting.update(invited_at=now):
        raise Refused(f"{user.full_name} needs no invitation.")
    user.invited_at = now
    _record("user.invited", user, by=by)
    return user


@transaction.atomic
def change_user(user: User, values: dict[str, Any], *, by: Member) -> User:
    """Write some of `EDITED`, checked. Raises Refused where the organisation would lose its last admin."""
    current = _locked(user, by=by)
    changed = [name for name in EDITED if name in values and getattr(current, name) != values[name]]
    if "role" in changed and current.role == "admin":
        _keep_an_admin(current, by=by, what="change your own role")
    for name in changed:
        setattr(current, name, values[name])
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
        _record("user.changed", current, by=by, data={"columns": changed})
    return current


@transaction.atomic
def deactivate_user(user: User, *, by: Member) -> bool:
    """Let nobody in as this person any more; all that they did stays. Raises Refused for oneself and the last admin."""
    current = _locked(user, by=by)
    _keep_an_admin(current, by=by, what="deactivate yourself")
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return False
    _record("user.deactivated", current, by=by)
    return True


@transaction.atomic
def reactivate_user(user: User, *, by: Member) -> bool:
    """Let this person in again, in the role they had. Raises Refused when no seat is left."""
    if not user.is_active:
        _keep_within_seats(by)
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        return False
    _record("user.reactivated", user, by=by)
    return True


def _keep_within_seats(by: Member) -> None:
    # Two admins who take the last seat at once wait for each other here.
    Org.objects.select_for_update().get(pk=by.org_id)
    seats = seats_of(by.org_id)
    if seats.left == 0:
        raise Refused(seats.refusal)


def _locked(user: User, *, by: Member) -> User:
    """The person as they are now. Two admins who demote each other wait for each other here."""
    admins: QuerySet[User] = User.objects.select_for_update().filter(org_id=by.org_id, role="admin", is_active=True)
    if by.user_id not in set(admins.order_by("pk").values_list("pk", flat=True)):
        raise Refused("You are no admin any more, so nothing was changed.")
    return User.objects.select_for_update().get(pk=user.pk)


def _keep_an_admin(user: User, *, by: Member, what: str) -> None:
    # The acting admin stays one, so there is always one left.
    if user.pk == by.user_id:
        others = User.objects.filter(org_id=by.org_id, role="admin", is_active=True).exclude(pk=user.pk).exists()
        hint = "Ask another admin to do it." if others else "You are the last admin: make somebody else admin first."
        raise Refused(f"You cannot {what}. {hint}")


def _record(event: str, user: User, *, by: Member, data: dict[str, Any] | None = None) -> None:
    events.record(event, org_id=by.org_id, subject=("user", user.pk), actor_id=by.user_id, data=data)
