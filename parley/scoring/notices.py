"""Mails about the score of a call: to the rep who held it, and to nobody else. No words of the call are in them."""

from __future__ import annotations

from uuid import UUID

from parley.accounts.models import User
from parley.accounts.notices import REASON, Notice, Writer, link, send_notice
from parley.calls.models import Attempt
from parley.core.tenancy import Member, acting_as_service
from parley.scoring.corrections.queries import names_of
from parley.scoring.models import Dispute


def tell_of_score(attempt_id: UUID) -> bool:
    """Write to the rep that a call has its score; False when they want no such mail."""

    def write(member: Member) -> Notice | None:
        attempt = _own(attempt_id, member)
        if attempt is None:
            return None
        title = attempt.scenario.title
        if attempt.score is None:
            opening = f"your call “{title}” was too short to be judged. The review says what there was."
            return Notice(f"Your call “{title}”", opening, "Open the review", link("attempt-review", attempt.pk))
        passed = ", and passed" if (attempt.score_breakdown or {}).get("passed") else ""
        opening = f"your {attempt.mode} call “{title}” has {_points(attempt)} of 100 points{passed}."
        note = "The review shows every point with its moment in the call, and what to try next."
        return Notice(
            f"{_points(attempt)} points for “{title}”", opening, "Open the review", link("attempt-review", attempt.pk),
            note=note,
        )  # fmt: skip

    return _send(attempt_id, write)


def tell_of_change(attempt_id: UUID, criterion: str, by: UUID) -> bool:
    """Write to the rep that somebody changed the score; an answered dispute says so itself."""

    def write(member: Member) -> Notice | None:
        attempt = _own(attempt_id, member)
        answered = Dispute.objects.filter(attempt_id=attempt_id, criterion=criterion, answered_by_id=by)
        if attempt is None or attempt.score is None or answered.exists():
            return None
        who, label = _who(by), names_of(attempt.score_breakdown or {}, attempt.rubric).get(criterion, criterion)
        call = f"your call “{attempt.scenario.title}”"
        opening = f"{who} has decided “{label}” in {call}. It has {_points(attempt)} points now."
        return Notice(
            f"{who} changed the score of a call of yours", opening, "See what was decided",
            link("criterion", attempt.pk, criterion),
        )  # fmt: skip

    return _send(attempt_id, write)


def tell_of_answer(attempt_id: UUID, criterion: str) -> bool:
    """Write to the rep that a dispute of theirs was answered."""

    def write(member: Member) -> Notice | None:
        attempt = _own(attempt_id, member)
        disputes = Dispute.objects.filter(
            attempt_id=attempt_id, criterion=criterion, status__in=("accepted", "declined")
        )
        dispute = disputes.order_by("-answered_at").first()
        if attempt is None or dispute is None:
            return None
        who = _who(dispute.answered_by_id)
        label = names_of(attempt.score_breakdown or {}, attempt.rubric).get(criterion, criterion)
        outcome = "accepted" if dispute.status == "accepted" else "declined"
        score = f" The call has {_points(attempt)} points now." if outcome == "accepted" and attempt.score else ""
        opening = f"{who} has {outcome} what you disputed about “{label}” in “{attempt.scenario.title}”.{score}"
        return Notice(
            f"Your dispute about “{label}” was {outcome}", opening, "Read the answer",
            link("criterion", attempt.pk, criterion),
        )  # fmt: skip

    return _send(attempt_id, write)


def _send(attempt_id: UUID, write: Writer) -> bool:
    with acting_as_service(REASON):
        rep = Attempt.objects.filter(pk=attempt_id).values_list("user_id", flat=True).first()
    return rep is not None and send_notice(rep, "scored", write)


def _own(attempt_id: UUID, member: Member) -> Attempt | None:
    own = Attempt.objects.select_related("scenario").filter(pk=attempt_id, user_id=member.user_id, status="scored")
    return own.first()


def _points(attempt: Attempt) -> str:
    return f"{float(attempt.score or 0):g}"


def _who(user_id: UUID | None) -> str:
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return user.full_name if user else "Somebody who has left"
