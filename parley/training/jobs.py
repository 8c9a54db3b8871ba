"""Job entry points of training."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.training import notices

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="training.tell_of_assignment", retry=RETRY, pass_context=False)
def tell_of_assignment(assignment_id: str) -> int:
    """Have everybody written to who got something; returns how many."""
    people = notices.people_of(UUID(assignment_id))
    for user_id in people:
        tell_person.defer(assignment_id=assignment_id, user_id=str(user_id))
    return len(people)


@app.task(name="training.tell_person", retry=RETRY, pass_context=False)
def tell_person(assignment_id: str, user_id: str) -> bool:
    """Write to one of them; tried again while the mail server does not answer."""
    return notices.tell_of_assignment(UUID(assignment_id), UUID(user_id))
