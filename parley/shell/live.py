"""News for open pages, as server-sent events. Every look acts as the member anew.

An event's `id` is a place to go on from: nothing that was committed after it, or is not yet committed, is left out. So
some news may come twice after a pause, and none is lost. Pages read again what an event is about.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import connection

from parley.core.live import Full, listener
from parley.core.tenancy import Member, acting_as

MOST = 500
"""More events than that in an organisation are not counted out: the page is told to read everything again."""
RESET_EVERY_S = 15.0
HEARTBEAT_S = 20.0
LOOK_ANYWAY_S = 30.0
"""How often one looks while nothing is heard, should the listener be down."""
LONGEST_S = 900.0
"""After that the browser connects anew, and its session and role are asked again."""
RETRY_MS = 2000

_looks = asyncio.Semaphore(4)
"""A change that wakes a thousand pages must not take every connection of the pool."""

_NEWS = """
    select (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint),
        n.id, n.tx, n.event, n.subject_type, n.subject_id
    from (select) as always left join news_since(%s, %s) n on true
"""


Row = tuple[int, int, int, str, str, str]
"""Where to go on from, then the event: id, transaction, name, type and id of its subject."""


@dataclass
class Reader:
    """Where one open page stands."""

    since: int | None
    sent: dict[int, int] = field(default_factory=dict)
    """Events that were told, by id, with their transaction: those from `since` on are read again each time."""

    reset_at: float = float("-inf")

    def take(self, rows: list[Row], now: float) -> list[bytes]:
        """The messages that these rows make, each once; moves on."""
        news = [row for row in rows if row[1] is not None]
        if any(event == "reset" for _, _, _, event, _, _ in news):
            if now - self.reset_at < RESET_EVERY_S:
                return []  # stays where it stands, and says it later
            self.since, self.sent, self.reset_at = rows[0][0], {}, now
            return [message("reset", {}, self.since)]
        fresh = [row for row in news if row[1] not in self.sent]
        self.since = horizon = rows[0][0]
        self.sent = {row[1]: row[2] for row in news if row[2] >= horizon}
        return [
            message("news", {"event": event, "type": kind, "id": str(subject)}, horizon)
            for _, _, _, event, kind, subject in fresh
        ]


async def news(member: Member, since: int | None) -> AsyncGenerator[bytes, None]:
    """The stream of one open page: what happened since, then what happens. Ends by itself after `LONGEST_S`."""
    try:
        place = listener.waiting(member.org_id, member.user_id)
        wake = place.__enter__()
    except Full:
        yield f"retry: {RETRY_MS * 15}\n\n".encode()
        return
    try:
        yield f"retry: {RETRY_MS}\n\n".encode()
        reader, until, looked = Reader(since), time.monotonic() + LONGEST_S, 0.0
        is_woken = True
        while not wake.is_over and time.monotonic() < until:
            if is_woken or time.monotonic() - looked > LOOK_ANYWAY_S:
                looked = time.monotonic()
                async with _looks:
                    rows = await sync_to_async(_look, thread_sensitive=False)(member, reader.since)
                for part in reader.take(rows, looked):
                    yield part
            yield f"id: {reader.since}\n: here\n\n".encode()
            is_woken = await wake.wait(HEARTBEAT_S)
        if wake.is_over:
            yield b"event: over\ndata: {}\n\n"
    finally:
        place.__exit__(None, None, None)


def _look(member: Member, since: int | None) -> list[Row]:
    try:
        with acting_as(member), connection.cursor() as cursor:
            cursor.execute(_NEWS, [since, MOST])
            rows: list[Row] = cursor.fetchall()
            return rows
    finally:
        connection.close()  # a stream holds no connection between two looks


def message(name: str, data: dict[str, str], place: int) -> bytes:
    """One server-sent event."""
    return f"id: {place}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
