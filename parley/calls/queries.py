"""Reads over attempts, under the reader's claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Max, Prefetch, QuerySet
from django.db.models.fields.json import KT

from parley.calls.models import Attempt, Recording, Transcript, Words
from parley.core.storage import sign_url
from parley.core.tenancy import Member
from parley.scenarios.models import Scenario


def get_attempt_for_reviewer(attempt_id: UUID) -> Attempt | None:
    """The attempt when policies let the acting member see it (own, or official ones they answer for), with words."""
    attempt = Attempt.objects.select_related("scenario", "user").filter(pk=attempt_id).first()
    return None if attempt is None else with_words(attempt)


def with_words(attempt: Attempt) -> Attempt:
    """The same attempt, its KPIs, breakdown and feedback with what they quote, where policies show it.

    Whoever may not read words (hr) gets the numbers, and no feedback.
    """
    words = Words.objects.filter(pk=attempt.pk).first() or Words()
    attempt.kpis = words.kpis or attempt.kpis
    attempt.score_breakdown = words.score_breakdown or attempt.score_breakdown
    attempt.feedback = words.feedback
    return attempt


def get_own_attempt(attempt_id: UUID, member: Member) -> Attempt | None:
    """The attempt when it is the member's own."""
    return Attempt.objects.filter(pk=attempt_id, user_id=member.user_id).first()


def attempts_of(member: Member, narrow: Narrow = lambda rows: rows) -> QuerySet[Attempt]:
    """The member's own 200 newest attempts that `narrow` leaves; calls that never began are left out.

    What a list shows and no more: `persona` and `passed` stand in for the documents that they are in, which for
    200 calls are megabytes.
    """
    return (
        narrow(Attempt.objects.filter(user_id=member.user_id).exclude(status="abandoned"))
        .only(*_LISTED)
        .annotate(persona=KT("brief__persona__name"), passed=F("score_breakdown__passed"))
        # Not joined: with the join the planner reads and sorts all that somebody ever held to find the newest.
        .prefetch_related(Prefetch("scenario", Scenario.objects.only("id", "key", "title")))
        .order_by("-created_at")[:200]
    )


Narrow = Callable[[QuerySet[Attempt]], QuerySet[Attempt]]
_LISTED = (
    *("id", "org_id", "user_id", "scenario_id", "mode", "kind", "status", "score"),
    *("started_at", "ended_at", "created_at", "duration_s", "end_reason"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands with one scenario key."""

    attempts_count: int
    best_score: float | None


def standings(member: Member) -> dict[str, Standing]:
    """By scenario key, over all of its versions."""
    rows = (
        Attempt.objects.filter(user_id=member.user_id, status__in=("ended", "scored"))
        .values("scenario__key")
        .annotate(count=Count("pk"), best=Max("score"))
    )
    return {
        row["scenario__key"]: Standing(row["count"], None if row["best"] is None else float(row["best"]))
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Media:
    """Signed addresses of one attempt's sound and words."""

    recording_url: str | None
    duration_s: float | None
    channels: int | None
    peaks: list[list[float]]
    transcript_url: str | None
    transcript_txt_url: str | None


def get_media(attempt: Attempt) -> Media:
    """Short-lived addresses for whoever may read them; policies of the child tables decide (hr sees none)."""
    recording = Recording.objects.filter(attempt=attempt).first()
    transcript = Transcript.objects.filter(attempt=attempt).first()
    path = transcript.path if transcript else ""
    return Media(
        recording_url=sign_url("recordings", recording.path) if recording else None,
        duration_s=recording.duration_s if recording else None,
        channels=recording.channels if recording else None,
        peaks=recording.peaks if recording else [],
        transcript_url=sign_url("transcripts", path) if path else None,
        transcript_txt_url=sign_url("transcripts", path.removesuffix("json") + "txt") if path else None,
    )
