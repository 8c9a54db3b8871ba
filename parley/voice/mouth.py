"""The buyer's voice: rendered lines when there are any, live synthesis clause by clause when not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog
from pipecat.frames.frames import Frame, TTSAudioRawFrame, TTSStartedFrame, TTSStoppedFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from parley.buyer.brief import VoiceStyle
from parley.voice.frames import ClauseFrame, ReplyEndFrame, SayFrame
from parley.voice.lines import LineStore, line_key
from parley.voice.models import VoiceModels
from parley.voice.speech import RATE_OUT, clauses, render

if TYPE_CHECKING:
    from parley.voice.session import LiveCall

log = structlog.get_logger(__name__)
PIECE_BYTES = RATE_OUT // 5 * 2


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of text with its sound: 16-bit mono PCM at 24 000 Hz."""

    text: str
    pcm: bytes

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / RATE_OUT


class Synthesiser(Protocol):
    """Speaks a text in one persona's voice."""

    name: str

    def cached(self, text: str) -> bytes | None: ...

    async def speak(self, text: str) -> bytes:
        """16-bit mono PCM at 24 000 Hz."""
        ...

    async def render_ahead(self, text: str) -> None:
        """Make `cached(text)` answer, without haste."""
        ...


class PiperSynthesiser:
    """The shared Piper voice, shaped to one persona."""

    def __init__(self, models: VoiceModels, store: LineStore, style: VoiceStyle) -> None:
        self._models, self._store, self._style = models, store, style
        self.name = models.names["piper"]

    def _key(self, text: str) -> str:
        return line_key(text, self._style, self._models.piper_hash)

    def cached(self, text: str) -> bytes | None:
        return self._store.get(self._key(text))

    async def speak(self, text: str) -> bytes:
        loop = asyncio.get_running_loop()
        pcm = await loop.run_in_executor(self._models.mouth_pool, render, self._models.piper, text, self._style)
        self._store.put(self._key(text), pcm)
        return pcm

    async def render_ahead(self, text: str) -> None:
        key = self._key(text)
        if self._store.has(key):
            return
        loop = asyncio.get_running_loop()
        pcm = await loop.run_in_executor(_background(), render, self._models.quiet_piper(), text, self._style)
        self._store.put(key, pcm)


async def speak_by_clause(voice: Synthesiser, text: str) -> AsyncIterator[Spoken]:
    """The sound of a sentence: whole when it is rendered, else clause by clause, the next made while one is played."""
    whole = voice.cached(text)
    if whole is not None:
        yield Spoken(text, whole)
        return
    pieces = clauses(text) or [text]
    making = asyncio.create_task(voice.speak(pieces[0]))
    try:
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
            pcm = await making
            if following is not None:
                making = asyncio.create_task(voice.speak(following))
            yield Spoken(piece, pcm)
    finally:
        making.cancel()


_pool: ThreadPoolExecutor | None = None


def _background() -> ThreadPoolExecutor:
    """One thread of low priority, so that rendering ahead gives way to the calls."""
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(1, thread_name_prefix="render-ahead", initializer=be_nice)
    return _pool


def be_nice() -> None:
    """Lower the priority of the calling thread, where the system can."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


async def render_lines(voice: Synthesiser, lines: Iterable[str], may_work: Callable[[], bool]) -> int:
    """Render `lines` one by one while `may_work()` says that no caller is waiting. Returns how many are ready."""
    ready = 0
    for line in lines:
        while not may_work():
            await asyncio.sleep(0.1)
        try:
            await voice.render_ahead(line)
            ready += 1
        except Exception as error:
            log.warning("A line could not be rendered ahead", error=repr(error))
    return ready


class Mouth(FrameProcessor):
    """Turns `SayFrame`s into 24 kHz speech, each clause announced by a `ClauseFrame` just before its audio.

    An interruption cancels what is being said and drops what waits.
    """

    def __init__(self, call: LiveCall) -> None:
        super().__init__()
        self._call = call

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, SayFrame):
            await self._say(frame)
        elif isinstance(frame, ReplyEndFrame):
            self._call.floor.reply_made(frame.reply)
            await self.push_frame(TTSStoppedFrame())
            await self.push_frame(frame)
        else:
            await self.push_frame(frame, direction)

    async def _say(self, frame: SayFrame) -> None:
        await self.push_frame(TTSStartedFrame())
        async for spoken in speak_by_clause(self._call.voice, frame.part.text):
            self._call.floor.mark("voice")
            self._call.floor.clause_made(frame.reply, spoken.seconds)
            await self.push_frame(ClauseFrame(frame.reply, spoken.text, spoken.seconds, frame.part.tags))
            for start in range(0, len(spoken.pcm), PIECE_BYTES):
                piece = spoken.pcm[start : start + PIECE_BYTES]
                await self.push_frame(TTSAudioRawFrame(piece, sample_rate=RATE_OUT, num_channels=1))
