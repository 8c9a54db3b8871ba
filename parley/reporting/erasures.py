"""Being forgotten: the person asks or an admin begins, an admin decides, a worker erases, and a number stays behind."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.actions.people import Refused, deactivate_user
from parley.accounts.models import Consent, User
from parley.calls.models import Attempt, Recording, Transcript
from parley.core import events
from parley.core.tenancy import Member, acting_as_service
from parley.reporting import privacy
from parley.reporting.models import Erasure
from parley.training.models import Assignment

REASON = "Erasing reaches what its admin may not read: what somebody practised alone."
OPEN = ("asked", "queued")


def what_would_go(user: User) -> dict[str, int]:
    """How much would be deleted, by its name; private practice is counted and not shown."""
    with acting_as_service(REASON):
        attempts = Attempt.objects.filter(user_id=user.pk)
        return {
            "calls": attempts.count(),
            "recordings": Recording.objects.filter(attempt__in=attempts).count(),
            "transcripts": Transcript.objects.filter(attempt__in=attempts).count(),
            "assignments": Assignment.objects.filter(user_id=user.pk).count(),
            "consents": Consent.objects.filter(user_id=user.pk).count(),
        }


@transaction.atomic
def ask_to_be_erased(*, by: Member) -> Erasure:
    """Put one's wish before the admins; the same again changes nothing."""
    row, made = Erasure.objects.get_or_create(
        user_id=by.user_id, status__in=OPEN, defaults={"org_id": by.org_id, "status": "asked", "asked_by_person": True}
    )
    if made:
        _record("erasure.asked", row, by)
    return row


@transaction.atomic
def withdraw_request(*, by: Member) -> bool:
    """Take one's wish back; False when there is none, or it is decided."""
    row = Erasure.objects.filter(user_id=by.user_id, status="asked", asked_by_person=True).first()
    if row is None or not Erasure.objects.filter(pk=row.pk, status="asked").update(
        status="withdrawn", decided_at=timezone.now()
    ):
        return False
    _record("erasure.withdrawn", row, by)
    return True


@transaction.atomic
def refuse_request(row: Erasure, *, by: Member) -> bool:
    """Leave the person as they are; False when it was decided before."""
    decided = {"status": "refused", "decided_at": timezone.now(), "by_id": by.user_id}
    if not Erasure.objects.filter(pk=row.pk, status="asked").update(**decided):
        return False
    _record("erasure.refused", row, by)
    return True


@transaction.atomic
def decide_erasure(user: User, *, typed: str, by: Member) -> Erasure:
    """Let a worker erase this person, who cannot sign in from now on. Raises Refused.

    `typed` is what the admin wrote to confirm: the person's e-mail address.
    """
    if typed.strip().casefold() != user.email.casefold():
        raise Refused(f"“{typed.strip()[:80]}” is not {user.email}; type the address to confirm.")
    if user.pk == by.user_id:
        raise Refused("You cannot erase yourself; ask another admin.")
    deactivate_user(user, by=by)
    row, _ = Erasure.objects.get_or_create(
        user_id=user.pk, status__in=OPEN, defaults={"org_id": by.org_id, "status": "asked"}
    )
    decided = {"status": "queued", "decided_at": timezone.now(), "by_id": by.user_id}
    if Erasure.objects.filter(pk=row.pk, status="asked").update(**decided):
        _record("erasure.decided", row, by)
    row.refresh_from_db()
    return row


def carry_out(erasure_id: UUID) -> bool:
    """Erase the person of a decided request; False when that was done. What goes wrong stands on the page."""
    with acting_as_service(REASON):
        row = Erasure.objects.filter(pk=erasure_id, status__in=("queued", "failed")).first()
        user = User.objects.filter(pk=row.user_id).first() if row else None
    if row is None:
        return False
    try:
        with acting_as_service(REASON):
            counts = what_would_go(user) if user else row.counts
            privacy.erase_person(row.user_id)
            Erasure.objects.filter(pk=row.pk).update(status="done", done_at=timezone.now(), counts=counts, problem="")
            events.record(
                "user.erased", org_id=row.org_id, subject=("erasure", row.pk), actor_id=row.by_id, data=counts
            )
    except Exception as problem:
        with acting_as_service(REASON):
            words = f"It stopped ({type(problem).__name__}); the worker tries again. What is gone stays gone."
            Erasure.objects.filter(pk=row.pk).update(status="failed", problem=words)
        raise
    return True


def _record(event: str, row: Erasure, by: Member) -> None:
    events.record(event, org_id=by.org_id, subject=("erasure", row.pk), actor_id=by.user_id)
