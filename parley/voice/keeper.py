"""Hands what happens in a call to its sink, in order, without ever making the audio wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from parley.voice.contracts import CallRecord, CallSink, Utterance

log = structlog.get_logger(__name__)
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
PATIENCE_AT_END_S = 30.0

Write = Callable[[], Awaitable[None]]


class Keeper:
    """A queue in front of a CallSink. A write that fails (full disk, lost database) is tried again until the call ends.

    `on_trouble(text)` tells the rep when a write fails, and `on_trouble("")` when writing works again.
    """

    def __init__(self, sink: CallSink, on_trouble: Callable[[str], None]) -> None:
        self._sink = sink
        self._on_trouble = on_trouble
        self._queue: asyncio.Queue[tuple[str, Write]] = asyncio.Queue()
        self._task = asyncio.create_task(self._work(), name="call-keeper")
        self._give_up_at: float | None = None
        self.lost: list[str] = []
        """What could not be kept in spite of every attempt; empty in a healthy call."""

    def utterance(self, utterance: Utterance) -> None:
        copy = utterance.model_copy(deep=True)
        self._queue.put_nowait((f"utterance {copy.i}", lambda: self._sink.utterance(copy)))

    def audio(self, index: int, start_s: float, pcm: bytes) -> None:
        self._queue.put_nowait((f"recording piece {index}", lambda: self._sink.audio(index, start_s, pcm)))

    async def heartbeat(self) -> bool:
        """Say at once that the call is alive. False when the rep has hung up elsewhere. Raises what the sink raises."""
        return await self._sink.heartbeat()

    async def finish(self, record: CallRecord) -> None:
        """Write what is waiting, then the record. Tries for up to 30 s; what stays unwritten is in `lost`."""
        self._give_up_at = time.monotonic() + PATIENCE_AT_END_S
        await self._queue.join()
        record.notes += [f"Could not be kept: {what}." for what in self.lost]
        self._queue.put_nowait(("the record of the call", lambda: self._sink.finished(record)))
        await self._queue.join()
        self._task.cancel()

    async def _work(self) -> None:
        while True:
            what, write = await self._queue.get()
            try:
                await self._write(what, write)
            finally:
                self._queue.task_done()

    async def _write(self, what: str, write: Write) -> None:
        wait_s, troubled = FIRST_WAIT_S, False
        while True:
            try:
                await write()
            except Exception as error:
                log.warning("Part of a call could not be written; trying again", what=what, error=repr(error))
                if not troubled:
                    self._on_trouble(f"The recording cannot be saved right now ({error}). It is kept in memory; go on.")
                    troubled = True
                if self._give_up_at is not None and time.monotonic() + wait_s > self._give_up_at:
                    log.error("Part of a call was lost", what=what, error=repr(error))
                    self.lost.append(f"{what} ({error})")
                    return
                await asyncio.sleep(wait_s)
                wait_s = min(LONGEST_WAIT_S, wait_s * 2)
            else:
                if troubled:
                    self._on_trouble("")
                return
