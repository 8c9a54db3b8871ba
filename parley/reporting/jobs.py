"""Job entry points of reporting."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.core.tenancy import Member, Role, acting_as, acting_as_service
from parley.reporting import actions, erasures, privacy

BATCH = 200
REASON = "Facts are read by many and written by the installation."


@app.task(name="reporting.write_facts", queueing_lock="reporting.write_facts", lock="reporting", pass_context=False)
def write_facts() -> int:
    """Bring facts and views up to date after a batch of scores."""
    with acting_as_service(REASON):
        written = actions.write_facts()
    if written:
        with acting_as_service(REASON):
            actions.refresh_and_tell()
    _write_events()
    return written


@app.task(name="reporting.export_person", pass_context=False)
def export_person(user_id: str, org_id: str, role: Role) -> str:
    """Write a copy of what is known about somebody into `exports`, as they are allowed to read it; returns its path."""
    member = Member(UUID(user_id), UUID(org_id), role)
    with acting_as(member):
        return privacy.export_person(member)


@app.task(name="reporting.erase_person", retry=RetryStrategy(max_attempts=5, exponential_wait=5), pass_context=False)
def erase_person(erasure_id: str) -> bool:
    """Erase somebody as an admin decided; tried again when storage does not answer."""
    return erasures.carry_out(UUID(erasure_id))


def _write_events() -> None:
    """In short transactions, because each attempt's words are read again."""
    done = BATCH
    while done == BATCH:
        with acting_as_service(REASON):
            done = actions.write_kpi_events(BATCH)


@app.periodic(cron="41 2 * * *")
@app.task(name="reporting.nightly", queueing_lock="reporting.nightly", lock="reporting", pass_context=False)
def nightly(timestamp: int) -> None:
    """Write what was missed and refresh all views."""
    with acting_as_service(REASON):
        actions.write_facts()
    with acting_as_service(REASON):
        actions.refresh_reporting()
    _write_events()
