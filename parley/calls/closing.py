"""Closing calls from outside a member's request: by the voice process, or by the sweep when that process died.

Sound is put together between two short transactions, because no file or network is touched inside one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from parley.calls import actions, recordings
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as_service
from parley.voice.contracts import CallRecord

log = logging.getLogger(__name__)
REASON = "A call is closed for whoever held it, also when they are gone."


def close_call(attempt_id: UUID, record_of: Callable[[Attempt], CallRecord]) -> bool:
    """Assemble the recording, close the attempt and hand it to scoring; False when it was closed before.

    When the disk is full nothing is lost: the segments stay and the sweep tries again.
    """
    with acting_as_service(REASON):
        attempt = Attempt.objects.get(pk=attempt_id)
        record = record_of(attempt)
    if not attempt.is_running:
        return False
    recording = recordings.assemble(attempt)
    with acting_as_service(REASON):
        return actions.finish_attempt(attempt, record=record, recording=recording)


def sweep_lost_calls() -> int:
    """Finish calls whose process died and give up calls that never began; returns how many were closed."""
    now = timezone.now()
    with acting_as_service("The sweep looks after every organisation's lost calls."):
        quiet_since = now - timedelta(seconds=settings.CALL_HEARTBEAT_LOST_S)
        lost = list(Attempt.objects.filter(status="live", heartbeat_at__lt=quiet_since).values_list("pk", flat=True))
        # A recording that was uploaded waits longer: a worker has to have the time to hear it.
        never = Attempt.objects.filter(status="created", created_at__lt=now - timedelta(hours=1)).exclude(
            kind="imported", created_at__gt=now - timedelta(days=1)
        )
        closed = sum(actions.abandon_attempt(attempt, by=None) for attempt in never)
    for attempt_id in lost:
        try:
            closed += close_call(attempt_id, actions.record_of_lost)
        except Exception:
            log.exception(
                "A lost call could not be closed; the next sweep tries again.", extra={"attempt_id": attempt_id}
            )
    return closed
