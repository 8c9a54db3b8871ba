"""Ask for history to be scored again, and do it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from parley.calls.models import Attempt, Words
from parley.core import events
from parley.core.tenancy import Member, acting_as_service
from parley.scenarios.models import Scenario
from parley.scoring.actions import write_feedback_again
from parley.scoring.models import Rescore

REASON = "Scores are not a member's to write, also when an admin asked for all of them."
LONGEST = timedelta(minutes=30)
"""A run that is at work for longer has died."""
AT_ONCE = 100
SCORED_SINCE = "This was written before the call was scored again by another version of the rubric."


class CannotRescore(Exception):
    """History cannot be scored again like this; the text says why."""


def ask_rescore(
    scenario: Scenario, *, by: Member | None, measure_again: bool = False, expected_s: float = 0.0
) -> Rescore:
    """Put down that every scored attempt at this scenario shall count by this version's rubric; `run_rescore` does it.

    Raises CannotRescore for drafts, for anybody but an admin, and while another run over the same version is at work.
    """
    if by is not None and not by.is_any("admin"):
        raise CannotRescore("Only an admin scores history again.")
    if scenario.status == "draft":
        raise CannotRescore(
            f"Version {scenario.version} is a draft. Publish it first; until then you can look at the preview."
        )
    _give_up_dead_runs(scenario)
    try:
        with transaction.atomic():
            return Rescore.objects.create(
                org_id=scenario.org_id,
                scenario=scenario,
                by_id=by.user_id if by else None,
                measure_again=measure_again,
                expected_s=expected_s,
            )
    except IntegrityError:
        raise CannotRescore("This version is just being applied; wait until that is done.") from None


def run_rescore(rescore_id: UUID) -> Rescore:
    """Score history again in one statement and record `scenario.rescored`; a second call finds it done.

    Two transactions: pages see that it is at work, and either all of history changes or nothing. What goes wrong is
    kept with the run and raised.
    """
    with acting_as_service(REASON):
        Rescore.objects.filter(pk=rescore_id, status="queued").update(status="running", started_at=timezone.now())
        run = Rescore.objects.get(pk=rescore_id)
    if run.status != "running":
        return run
    try:
        with acting_as_service(REASON):
            return _apply(rescore_id)
    except Exception as problem:
        with acting_as_service(REASON):
            Rescore.objects.filter(pk=rescore_id, status="running").update(
                status="failed", finished_at=timezone.now(), problem=str(problem).splitlines()[0][:500]
            )
        raise


def write_feedback_of(rescore_id: UUID) -> int:
    """Let the feedback of every call that a run moved speak of its new score; returns of how many it changed.

    The rules write, a hundred calls in a transaction; what a language model wrote stays with a note, since asking it
    again about all of history costs money that nobody agreed to.
    """
    with acting_as_service(REASON):
        run = Rescore.objects.get(pk=rescore_id)
        moved = list(
            Attempt.objects.filter(org_id=run.org_id, scenario__key=run.scenario.key, status="scored")
            .filter(score_history__contains=[{"rescore": str(rescore_id)}])
            .values_list("pk", flat=True)
        )
    changed = 0
    for start in range(0, len(moved), AT_ONCE):
        with acting_as_service(REASON):
            changed += sum(_follow_score(pk) for pk in moved[start : start + AT_ONCE])
    return changed


def _follow_score(attempt_id: UUID) -> bool:
    feedback = Words.objects.filter(pk=attempt_id).values_list("feedback", flat=True).first() or {}
    if not str(feedback.get("writer", "")).startswith("llm:"):
        return write_feedback_again(attempt_id) is not None
    if feedback.get("note") == SCORED_SINCE:
        return False
    return bool(Attempt.objects.filter(pk=attempt_id).update(feedback={**feedback, "note": SCORED_SINCE}))


def _apply(rescore_id: UUID) -> Rescore:
    with connection.cursor() as cursor:
        cursor.execute("select apply_rescore(%s)", [rescore_id])
    run = Rescore.objects.select_related("scenario").get(pk=rescore_id)
    events.record(
        "scenario.rescored",
        org_id=run.org_id,
        subject=("scenario", run.scenario_id),
        actor_id=run.by_id,
        data={
            "rescore": str(run.pk),
            "version": run.scenario.version,
            "attempts": run.attempts,
            "moved": run.moved,
            "newly_passed": run.newly_passed,
            "newly_failed": run.newly_failed,
            "kept": run.kept,
        },
    )
    return run


def _give_up_dead_runs(scenario: Scenario) -> None:
    with acting_as_service(REASON):
        Rescore.objects.filter(
            scenario_id=scenario.pk, status="running", started_at__lt=timezone.now() - LONGEST
        ).update(status="failed", finished_at=timezone.now(), problem="The worker stopped while it was at work.")
