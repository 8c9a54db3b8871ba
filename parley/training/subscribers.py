"""What training does when something is assigned."""

from __future__ import annotations

from parley.core import events
from parley.core.models import Event
from parley.training.jobs import tell_of_assignment

WAIT_S = 60
"""Whoever assigns by mistake has a minute to cancel before anybody reads of it."""


@events.subscribe("scenario.assigned")
def write_to_those_who_got_it(event: Event) -> None:
    """Hand the mails to a worker; the job is written in the transaction that assigns."""
    tell_of_assignment.configure(schedule_in={"seconds": WAIT_S}).defer(assignment_id=str(event.subject_id))
