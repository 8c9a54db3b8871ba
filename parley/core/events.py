"""News travels upward: a domain records what happened, apps above it subscribe.

Subscribers run at once, inside the recorder's transaction, so they stay short: they write rows or defer jobs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from parley.core.models import Event

Subscriber = Callable[[Event], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def record(
    event: str, *, org_id: UUID, subject: tuple[str, UUID], actor_id: UUID | None, data: dict[str, Any] | None = None
) -> Event:
    """Write one event and tell its subscribers. Must run inside a transaction; the returned row has its id."""
    row = Event.objects.create(
        org_id=org_id, event=event, subject_type=subject[0], subject_id=subject[1], actor_id=actor_id, data=data or {}
    )
    for subscriber in _subscribers[event]:
        subscriber(row)
    return row


def subscribe(event: str) -> Callable[[Subscriber], Subscriber]:
    """Decorate a function in an app's `subscribers.py`; the app's `ready()` imports that module."""

    def register(subscriber: Subscriber) -> Subscriber:
        if subscriber not in _subscribers[event]:
            _subscribers[event].append(subscriber)
        return subscriber

    return register
