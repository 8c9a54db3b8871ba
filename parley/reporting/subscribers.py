"""What reporting does when attempts are scored."""

from __future__ import annotations

from django.db import transaction

from parley.core import events
from parley.core.models import Event
from parley.reporting.jobs import WAITING, tell_of_request, write_facts


@events.subscribe("attempt.scored")
@events.subscribe("attempt.rescored")
@events.subscribe("scenario.rescored")
def write_facts_soon(event: Event) -> None:
    """Have facts written in a little while; one waiting job serves every score until then."""
    try:
        with transaction.atomic():
            write_facts.configure(schedule_in={"seconds": 5}).defer()
    except WAITING:
        pass


@events.subscribe("erasure.asked")
def write_to_the_admins(event: Event) -> None:
    """Whoever asks to be erased is answered by an admin, who must hear of it."""
    tell_of_request.defer(erasure_id=str(event.subject_id))
