"""Override a criterion, dispute one, answer a dispute. All of it is logged: an audit row by trigger, an event by us."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.calls.models import Attempt
from parley.core import events
from parley.core.tenancy import Member, acting_as_service
from parley.scoring import functions
from parley.scoring.corrections import queries
from parley.scoring.models import GATE, Dispute, Override

REASON = "A score is the installation's to write, also when a manager decided a part of it."


class CannotCorrect(Exception):
    """This cannot be overridden, disputed or answered; the text says why."""


@transaction.atomic
def override_criterion(
    attempt: Attempt, criterion: str, *, share: float | None, reason: str, by: Member
) -> dict[str, Any]:
    """Let a person's share (0..1) count for a criterion, or None go back to what was computed.

    Returns the breakdown that counts now. For a cap (`gate:<id>`) 1 lifts it and None lets it hold again. Deciding what
    already counts changes nothing. Raises CannotCorrect.
    """
    attempt = _locked(attempt)
    if not queries.may_override_attempt(attempt, by):
        raise CannotCorrect(
            "Only a manager or an admin who answers for this rep may decide here, in a scored official call that has "
            "enough to judge, and never in their own."
        )
    label = _known(attempt, criterion)
    reason = _reason(reason)
    newest = Override.objects.filter(attempt=attempt, criterion=criterion).order_by("-created_at").first()
    if (newest.share if newest else None) == share:
        return dict(attempt.score_breakdown or {})
    Override.objects.create(
        org_id=attempt.org_id,
        attempt=attempt,
        user_id=attempt.user_id,
        criterion=criterion,
        share=share,
        computed_share=_computed_share(attempt, criterion),
        reason=reason,
        by_id=by.user_id,
    )
    cause = "override" if share is not None else "override_withdrawn"
    entry = {"cause": cause, "by": str(by.user_id), "criterion": criterion, "label": label}
    with acting_as_service(REASON):
        breakdown = functions.settle_score(attempt.pk, entry)
    _record("criterion.overridden", attempt, criterion, by, share=share, score=breakdown["total"])
    _record("attempt.rescored", attempt, criterion, by, score=breakdown["total"], passed=breakdown["passed"])
    return breakdown


@transaction.atomic
def open_dispute(attempt: Attempt, criterion: str, *, reason: str, by: Member) -> Dispute:
    """Object to a criterion of one's own official call. Raises CannotCorrect."""
    attempt = _locked(attempt)
    if not queries.may_dispute_attempt(attempt, by):
        raise CannotCorrect(
            "Only the rep of a scored official call may dispute it, and only where something was judged."
        )
    _known(attempt, criterion)
    reason = _reason(reason)
    if Dispute.objects.filter(attempt=attempt, criterion=criterion, status="open").exists():
        raise CannotCorrect("There is already an open dispute about this; wait for its answer, or withdraw it.")
    dispute = Dispute.objects.create(
        org_id=attempt.org_id, attempt=attempt, user_id=by.user_id, criterion=criterion, reason=reason
    )
    _record("criterion.disputed", attempt, criterion, by)
    return dispute


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, by: Member) -> None:
    """Take back an open dispute of one's own. Raises CannotCorrect when it was answered before."""
    if dispute.user_id != by.user_id:
        raise CannotCorrect("Only the rep who opened a dispute withdraws it.")
    if not Dispute.objects.filter(pk=dispute.pk, status="open").update(status="withdrawn", answered_at=timezone.now()):
        raise CannotCorrect("This dispute was answered before; its answer stands.")
    _record("dispute.withdrawn", dispute.attempt, dispute.criterion, by)


@transaction.atomic
def answer_dispute(dispute: Dispute, *, accept: bool, share: float | None, answer: str, by: Member) -> None:
    """Accept a dispute, which overrides its criterion with `share`, or decline it; either way with a reason.

    Raises CannotCorrect, also when somebody else answered or the rep withdrew it meanwhile.
    """
    answer = _reason(answer)
    if not queries.may_override_attempt(dispute.attempt, by):
        raise CannotCorrect("Only a manager or an admin who answers for this rep may answer, and never the rep.")
    if accept and share is None:
        raise CannotCorrect("Accepting needs the share that shall count.")
    answered = Dispute.objects.filter(pk=dispute.pk, status="open").update(
        status="accepted" if accept else "declined",
        answer=answer,
        answered_by_id=by.user_id,
        answered_at=timezone.now(),
    )
    if not answered:
        raise CannotCorrect("This dispute is no longer open; somebody answered it or the rep withdrew it.")
    if accept:
        override_criterion(dispute.attempt, dispute.criterion, share=share, reason=answer, by=by)
    _record("dispute.answered", dispute.attempt, dispute.criterion, by, accepted=accept)


def find_dispute(attempt: Attempt, dispute_id: UUID) -> Dispute | None:
    """The dispute when policies show it to the acting member."""
    return Dispute.objects.select_related("attempt").filter(pk=dispute_id, attempt=attempt).first()


def _locked(attempt: Attempt) -> Attempt:
    """The attempt as it is now; one correction of it at a time."""
    with acting_as_service(REASON):
        Attempt.objects.select_for_update().filter(pk=attempt.pk).first()
    return Attempt.objects.get(pk=attempt.pk)


def _known(attempt: Attempt, criterion: str) -> str:
    names = queries.names_of(attempt.score_breakdown or {}, attempt.rubric)
    if criterion not in names:
        raise CannotCorrect(f"{criterion!r} is not in the score of this call; choose one of {', '.join(names)}.")
    return names[criterion]


def _reason(text: str) -> str:
    if not text.strip():
        raise CannotCorrect("Say why; the reason stays with the score.")
    return text.strip()


def _computed_share(attempt: Attempt, criterion: str) -> float | None:
    if criterion.startswith(GATE):
        return None
    row = next(c for c in (attempt.score_breakdown or {})["criteria"] if c["id"] == criterion)
    share = row["computed"]["share"] if row.get("computed") else row["share"]
    return None if share is None else float(share)


def _record(event: str, attempt: Attempt, criterion: str, by: Member, **data: Any) -> None:
    events.record(
        event,
        org_id=attempt.org_id,
        subject=("attempt", attempt.pk),
        actor_id=by.user_id,
        data={"criterion": criterion, **data},
    )
