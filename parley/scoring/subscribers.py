"""What scoring does when a call is over, when a score was changed, and when a scenario is published."""

from __future__ import annotations

from django.conf import settings

from parley.core import events
from parley.core.models import Event
from parley.scoring.jobs import (
    defer_exemplar,
    score_attempt_job,
    tell_of_answer_job,
    tell_of_change_job,
    tell_of_score_job,
    write_feedback_again_job,
    write_feedback_of_rescore_job,
)

TELL_AFTER_S = 120
EXEMPLAR_AFTER_S = 600
"""A scenario is practised first; its exemplar call, a minute of work, is made when things are quiet."""


@events.subscribe("call.finished")
def score_finished_call(event: Event) -> None:
    """Hand the attempt to a worker; the job is written in the transaction that closes the call."""
    score_attempt_job.configure(lock=f"attempt:{event.subject_id}").defer(attempt_id=str(event.subject_id))


@events.subscribe("attempt.rescored")
def have_feedback_follow(event: Event) -> None:
    """Feedback speaks of the score that counts."""
    write_feedback_again_job.configure(lock=f"attempt:{event.subject_id}").defer(attempt_id=str(event.subject_id))


@events.subscribe("scenario.rescored")
def have_all_feedback_follow(event: Event) -> None:
    """The same for history, behind the calls that somebody waits for."""
    write_feedback_of_rescore_job.configure(lock="slow", priority=-5).defer(rescore_id=event.data["rescore"])


@events.subscribe("scenario.published")
def make_its_exemplar(event: Event) -> None:
    """Have the exemplar call made once things are quiet."""
    if settings.RENDER_AHEAD:
        defer_exemplar(str(event.subject_id), after_s=EXEMPLAR_AFTER_S)


@events.subscribe("attempt.scored")
def write_of_the_score(event: Event) -> None:
    """Have the rep written to once the feedback had time to be written too."""
    tell_of_score_job.configure(schedule_in={"seconds": TELL_AFTER_S}).defer(attempt_id=str(event.subject_id))


@events.subscribe("criterion.overridden")
def write_of_the_change(event: Event) -> None:
    """Have the rep written to when a person decided a part of the score."""
    tell_of_change_job.configure(schedule_in={"seconds": TELL_AFTER_S}).defer(
        attempt_id=str(event.subject_id), criterion=event.data["criterion"], by=str(event.actor_id)
    )


@events.subscribe("dispute.answered")
def write_of_the_answer(event: Event) -> None:
    """Have the rep written to when a dispute was answered."""
    tell_of_answer_job.defer(attempt_id=str(event.subject_id), criterion=event.data["criterion"])
