"""Live notifications: one listener per process, on a connection of its own that no PgBouncer stands before.

PostgreSQL tells of a change when its transaction commits (NOTIFY), so nobody hears of what never happened. A notice
says only in which organisation something changed and what kind of thing; whoever is woken reads again under the claims
of who looks. A notice that is lost (the connection broke) loses nothing: when the listener is back, all are woken.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import structlog
from django.conf import settings
from django.db import connection

from parley.core.health import checks

log = structlog.get_logger(__name__)
CHANNEL = "parley_live"
PING_S = 15.0
"""So often a silent connection is asked whether it still lives."""
AGAIN_AFTER_S = (0.2, 1.0, 3.0, 10.0)


@dataclass(frozen=True, slots=True)
class Notice:
    """`what` is an event's name, or `changed:<table>`; `subject` names a row where one is meant."""

    org_id: UUID
    what: str
    subject: str = ""


Watcher = Callable[[Notice | None], None]
"""Called for each notice, in the listener's thread; None: anything may have changed unheard."""


@dataclass(eq=False)
class Wake:
    """Somebody who waits for news of one organisation, in the event loop of the listener."""

    org_id: UUID
    user_id: UUID | None = None
    about: str = ""
    """Only notices with this subject; empty: all of them."""
    is_over: bool = False
    """The place was given to somebody else, or the process ends."""
    _event: asyncio.Event = field(default_factory=asyncio.Event)

    def rouse(self, *, over: bool = False) -> None:
        """Let the waiting one go on."""
        self.is_over = self.is_over or over
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """True when woken, False when the time is up."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        woken = self._event.is_set()
        self._event.clear()
        return woken


class Full(Exception):
    """Too many wait already."""


class Listener:
    """Hears what PostgreSQL tells, and passes it on to watchers (caches) and to whoever waits (open pages)."""

    def __init__(self, *, most: int = 2000, most_each: int = 6) -> None:
        self.most, self.most_each = most, most_each
        self.is_listening = False
        self.watchers: list[Watcher] = []
        self._wakes: dict[UUID, dict[Wake, None]] = {}  # a dict keeps the order in which they came
        self._lock = threading.Lock()
        self._is_ending = False

    async def run(self, url: str) -> None:
        """Listen until cancelled; a broken connection is made anew, with growing pauses."""
        failed = 0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    url, autocommit=True, application_name="parley live", connect_timeout=10
                ) as heard:
                    await heard.execute(f"listen {CHANNEL}")
                    failed = 0
                    self._begin()
                    await self._hear(heard)
            except (psycopg.Error, OSError) as problem:
                log.warning("Live notifications are interrupted.", problem=str(problem).strip())
            finally:
                self.is_listening = False
            await asyncio.sleep(AGAIN_AFTER_S[min(failed, len(AGAIN_AFTER_S) - 1)])
            failed += 1

    async def _hear(self, heard: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        while True:
            async for message in heard.notifies(timeout=PING_S):
                self._pass_on(message.payload)
            async with asyncio.timeout(PING_S):  # a connection whose other end vanished says nothing
                await heard.execute("select 1")

    def _begin(self) -> None:
        self.is_listening = True
        self._tell(None)
        for wakes in list(self._wakes.values()):
            for wake in list(wakes):
                wake.rouse()

    def _pass_on(self, payload: str) -> None:
        try:
            said = json.loads(payload)
            notice = Notice(UUID(said["org"]), str(said["what"]), str(said.get("id", "")))
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("A live notification could not be read.", payload=payload[:200])
            return
        self._tell(notice)
        for wake in list(self._wakes.get(notice.org_id, ())):
            if not wake.about or wake.about == notice.subject:
                wake.rouse()

    def _tell(self, notice: Notice | None) -> None:
        for watcher in self.watchers:
            watcher(notice)

    @contextlib.contextmanager
    def waiting(self, org_id: UUID, user_id: UUID | None = None, *, about: str = "") -> Iterator[Wake]:
        """A place to wait in. A person's oldest place goes to their newest; raises Full when there are too many."""
        if self._is_ending or sum(map(len, self._wakes.values())) >= self.most:
            raise Full
        mine = [wake for wake in self._wakes.get(org_id, ()) if user_id and wake.user_id == user_id]
        for wake in mine[: max(0, len(mine) + 1 - self.most_each)]:
            wake.rouse(over=True)
        wake = Wake(org_id, user_id, about)
        self._wakes.setdefault(org_id, {})[wake] = None
        try:
            yield wake
        finally:
            self._wakes[org_id].pop(wake, None)
            if not self._wakes[org_id]:
                del self._wakes[org_id]

    @property
    def waiting_count(self) -> int:
        """How many wait."""
        return sum(len(wakes) for wakes in self._wakes.values())

    def end(self) -> None:
        """Let everybody who waits go, and take nobody more: the process is about to end."""
        self._is_ending = True
        for wakes in list(self._wakes.values()):
            for wake in list(wakes):
                wake.rouse(over=True)


listener = Listener(most=settings.LIVE_STREAMS)
"""This process's only one. Until `run` is called, in the lifespan of the web process, nothing is heard."""


def say(what: str, *, org_id: UUID, subject: UUID) -> None:
    """Tell whoever follows a row that it changed, when this transaction commits; nothing is kept of it."""
    with connection.cursor() as cursor:
        payload = json.dumps({"org": str(org_id), "what": what, "id": str(subject)})
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, payload])


def _health() -> dict[str, object]:
    return {"ok": True, "listening": listener.is_listening, "open": listener.waiting_count}


checks["live"] = _health
