"""What scoring does when a call is over."""

from __future__ import annotations

from parley.core import events
from parley.core.models import Event
from parley.scoring.jobs import score_attempt_job


@events.subscribe("call.finished")
def score_finished_call(event: Event) -> None:
    """Hand the attempt to a worker; the job is written in the transaction that closes the call."""
    score_attempt_job.configure(lock=f"attempt:{event.subject_id}").defer(attempt_id=str(event.subject_id))
