"""Job entry points of reporting."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from uuid import UUID

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from parley.core.tenancy import Member, Role, acting_as, acting_as_service
from parley.reporting import actions, erasures, notices, privacy
from parley.reporting.queries.freshness import refresh_due_in_s

BATCH = 200
MAIL_RETRY = RetryStrategy(max_attempts=6, exponential_wait=4)
REASON = "Facts are read by many and written by the installation."
WAITING = (AlreadyEnqueued, AssertionError)
"""One job waits already. Procrastinate asserts that the error has a detail with the lock's name; PostgreSQL leaves the
detail out for whoever may not read the jobs."""


@app.task(name="reporting.write_facts", queueing_lock="reporting.write_facts", lock="reporting", pass_context=False)
def write_facts() -> int:
    """Bring facts up to date after a batch of scores, and have the views follow."""
    with acting_as_service(REASON):
        written = actions.write_newest_facts()
    if written:
        refresh_soon()
    if _write_events():
        refresh_soon()
    return written


@app.task(name="reporting.refresh", queueing_lock="reporting.refresh", lock="reporting.refresh", pass_context=False)
def refresh() -> None:
    """Refresh the views, or put it off while they were refreshed too short a time ago."""
    with acting_as_service(REASON):
        wait_s = refresh_due_in_s()
        if wait_s == 0:
            actions.refresh_and_tell()
    if wait_s:
        refresh_soon()


def refresh_soon() -> None:
    """Have the views refreshed as soon as they may be; one waiting job serves everything that is written until then."""
    try:
        with acting_as_service(REASON), transaction.atomic():
            refresh.configure(schedule_in={"seconds": ceil(refresh_due_in_s())}).defer()
    except WAITING:
        pass


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


@app.periodic(cron="5 * * * *")
@app.task(name="reporting.morning_mails", queueing_lock="reporting.morning_mails", pass_context=False)
def morning_mails(timestamp: int) -> int:
    """Have those written to for whom it is morning now; returns how many may get a mail."""
    now = datetime.fromtimestamp(timestamp, UTC)
    reminded, briefed = notices.whom_to_remind(now), notices.whom_to_brief(now)
    for user_id in reminded:
        remind.defer(user_id=str(user_id))
    for user_id in briefed:
        brief.defer(user_id=str(user_id))
    return len(reminded) + len(briefed)


@app.task(name="reporting.remind", retry=MAIL_RETRY, pass_context=False)
def remind(user_id: str) -> bool:
    """Write to one person what is due; tried again while the mail server does not answer."""
    return notices.remind(UUID(user_id))


@app.task(name="reporting.brief", retry=MAIL_RETRY, pass_context=False)
def brief(user_id: str) -> bool:
    """Write to whoever leads a team how it did."""
    return notices.brief(UUID(user_id))


@app.task(name="reporting.tell_of_request", pass_context=False)
def tell_of_request(erasure_id: str) -> int:
    """Have the admins written to about a request to be erased."""
    admins = notices.admins_to_tell(UUID(erasure_id))
    for admin_id in admins:
        tell_admin.defer(erasure_id=erasure_id, admin_id=str(admin_id))
    return len(admins)


@app.task(name="reporting.tell_admin", retry=MAIL_RETRY, pass_context=False)
def tell_admin(erasure_id: str, admin_id: str) -> bool:
    """Write to one of them."""
    return notices.tell_of_request(UUID(erasure_id), UUID(admin_id))


def _write_events() -> int:
    """In short transactions, because each attempt's words are read again; returns of how many attempts."""
    done, in_all = BATCH, 0
    while done == BATCH:
        with acting_as_service(REASON):
            done = actions.write_kpi_events(BATCH)
        in_all += done
    return in_all


@app.periodic(cron="41 2 * * *")
@app.task(name="reporting.nightly", queueing_lock="reporting.nightly", lock="reporting", pass_context=False)
def nightly(timestamp: int) -> None:
    """Write what was missed and refresh all views."""
    with acting_as_service(REASON):
        actions.write_facts()
    with acting_as_service(REASON):
        actions.refresh_reporting()
    _write_events()
