"""Job entry points of accounts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.accounts import invitations
from parley.accounts.imports import actions as imports
from parley.accounts.models import User
from parley.core.tenancy import Member, acting_as, acting_as_service

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
log = logging.getLogger(__name__)


@app.task(name="accounts.send_invitation", retry=RETRY, pass_context=False)
def send_invitation(user_id: str, inviter: str) -> bool:
    """Write to somebody who is invited; tried again while the mail server does not answer."""
    return invitations.send_invitation(UUID(user_id), inviter=inviter)


@app.task(name="accounts.import_people", lock="accounts.import_people", pass_context=False)
def import_people(import_id: str, user_id: str, org_id: str) -> None:
    """Bring in a list as the admin who asked for it, a hundred lines at a time."""
    member = Member(UUID(user_id), UUID(org_id), "admin")
    _for_admin(UUID(import_id), member, _import_all)


@app.task(name="accounts.undo_import", lock="accounts.import_people", pass_context=False)
def undo_import(import_id: str, user_id: str, org_id: str) -> None:
    """Remove again whom a list made."""
    member = Member(UUID(user_id), UUID(org_id), "admin")
    _for_admin(UUID(import_id), member, _undo)


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.forget_old_lists", queueing_lock="accounts.forget_old_lists", pass_context=False)
def forget_old_lists(timestamp: int) -> int:
    """Keep lists of people no longer than they are needed."""
    with acting_as_service("Old lists of people are forgotten for every organisation."):
        return imports.forget_old_lists()


def _for_admin(import_id: UUID, member: Member, work: Callable[[UUID, Member], None]) -> None:
    """Do it while the asker is an admin still; whatever goes wrong stands on the list's page."""
    try:
        with acting_as(member):
            still = User.objects.filter(pk=member.user_id, role="admin", is_active=True).exists()
        if not still:
            raise PermissionError("Whoever asked for it is no admin any more, so nothing more was done.")
        work(import_id, member)
    except Exception as problem:
        refused = isinstance(problem, PermissionError)
        log.warning("A list of people was not finished.", exc_info=not refused, extra={"import_id": str(import_id)})
        words = str(problem) if refused else "Something unexpected stopped it. What was done can be undone below."
        with acting_as_service("Whoever is no admin any more may not write why their list stopped."):
            imports.fail(import_id, words)
        if not refused:
            raise


def _import_all(import_id: UUID, member: Member) -> None:
    with acting_as(member):
        name = User.objects.get(pk=member.user_id).full_name
    go_on = True
    while go_on:
        with acting_as(member):
            go_on, invited = imports.apply_batch(import_id, by=member)
            for user_id in invited:
                send_invitation.defer(user_id=str(user_id), inviter=name)


def _undo(import_id: UUID, member: Member) -> None:
    with acting_as(member):
        imports.undo_import(import_id, by=member)
