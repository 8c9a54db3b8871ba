"""A rep without a browser: speaks recorded turns into a call over the WebSocket and measures how soon it is answered.

It behaves like a microphone and a loudspeaker: 20 ms of audio every 20 ms, silence between turns, and the buyer's audio
heard in real time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pipecat.frames.protobufs.frames_pb2 as frame_protos
import soundfile
import soxr
import websockets
from websockets.asyncio.client import ClientConnection

RATE_IN = 16_000
FRAME_S = 0.02
FRAME_BYTES = int(RATE_IN * FRAME_S) * 2
LOUD_REP = 400
LOUD_BUYER = 300
REPLY_WITHIN_S = 12.0
QUIET_S = 0.7
LONGEST_TURN_MINUTES = 10


class CallClosed(Exception):
    """The server closed the call. `code` and the text are the server's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason or f"The call was closed ({code}).")
        self.code = code


def read_turn(path: Path) -> bytes:
    """A recording of any rate and format that libsndfile reads, as 16-bit mono PCM at 16 000 Hz.

    Raises ValueError naming the file when it cannot be read, holds no sound or is longer than ten minutes.
    """
    try:
        minutes = soundfile.info(str(path)).duration / 60
        if minutes > LONGEST_TURN_MINUTES:
            raise ValueError(
                f"{path} lasts {minutes:.0f} minutes; one turn may last {LONGEST_TURN_MINUTES}. Cut it into turns; "
                "`parley score` takes the recording of a whole call."
            )
        audio, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise ValueError(f"{path} cannot be read as audio: {error}") from error
    mono = audio.mean(axis=1)
    if len(mono) == 0 or float(np.abs(mono).max()) < LOUD_REP / 32768:
        raise ValueError(f"{path} holds no sound.")
    if rate != RATE_IN:
        mono = soxr.resample(mono, rate, RATE_IN)
    pcm: bytes = (np.clip(mono, -1, 1) * 32767).astype("<i2").tobytes()
    return pcm


def _last_loud(pcm: bytes) -> int:
    """Bytes up to and with the last sample that can be heard."""
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, dtype="<i2").astype(np.int32)) > LOUD_REP)
    return (int(loud[-1]) + 1) * 2 if len(loud) else len(pcm)


class HeadlessRep:
    """One call over `ws_url` (with its token). Use as an async context manager; then `listen`, `say`, `hang_up`."""

    def __init__(self, ws_url: str, *, headers: dict[str, str] | None = None) -> None:
        self._url, self._headers = ws_url, headers or {}
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._microphone: bytearray = bytearray()
        self._mark: int | None = None
        self._marked_at: float | None = None
        self._heard_until = 0.0
        self._answered_at: float | None = None
        self._waiting = asyncio.Event()
        self.messages: list[dict[str, Any]] = []
        self.buyer_audio: list[npt.NDArray[np.int16]] = []
        self.interruptions = 0
        self.state = ""
        self.ended: str | None = None
        self.closed: CallClosed | None = None
        self.muted = False
        self.answered_early = False

    async def __aenter__(self) -> HeadlessRep:
        self._socket = await websockets.connect(self._url, additional_headers=self._headers, max_size=2**20)
        self._tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._listen())]
        await self._send_message({"type": "client-ready", "id": "ready", "data": {"version": "1.0.0"}})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drop()

    async def drop(self) -> None:
        """Cut the connection as a lost network would."""
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            with contextlib.suppress(Exception):
                await self._socket.close()

    # --- what a rep does ------------------------------------------------------------------------------------------

    async def say(self, pcm: bytes) -> float | None:
        """Speak a turn (16-bit mono PCM, 16 000 Hz) in real time and wait for the answer to begin.

        Returns the milliseconds from the last loud sample sent to the first loud sample of the buyer's. None when no
        answer came within 12 s, or when the buyer was speaking already (`answered_early`), which cannot be timed.
        Raises CallClosed when the call ends meanwhile.
        """
        self._answered_at = self._marked_at = None
        self._mark = len(self._microphone) + _last_loud(pcm)
        self._microphone += pcm
        await self._until(lambda: self._marked_at is not None, len(pcm) / 2 / RATE_IN + 5)
        await self._until(lambda: self._answered_at is not None, REPLY_WITHIN_S)
        return self._latency_ms()

    def _latency_ms(self) -> float | None:
        if self._answered_at is None or self._marked_at is None or self.answered_early:
            return None
        return round((self._answered_at - self._marked_at) * 1000, 1)

    async def speak_over(self, pcm: bytes) -> None:
        """Put audio into the microphone without waiting."""
        self._microphone += pcm

    async def listen(self, at_most_s: float = 60.0) -> None:
        """Wait until the buyer has begun (or 3 s) and has finished speaking, or the call is over."""
        await self._until(lambda: self._heard_until > 0 or self.ended is not None, 3)
        await self._until(self._buyer_is_quiet, at_most_s)

    def _buyer_is_quiet(self) -> bool:
        quiet = time.monotonic() > self._heard_until + QUIET_S and self.state not in {"thinking", "speaking"}
        return quiet or self.ended is not None

    async def hang_up(self) -> None:
        """End the call and wait until the server says so."""
        with contextlib.suppress(CallClosed):
            await self._send_message({"type": "client-message", "id": "end", "data": {"t": "end", "d": {}}})
            await self._until(lambda: self.ended is not None, 10)

    async def _until(self, is_so: Any, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while not is_so():
            if self.closed is not None and self.ended is None:
                raise self.closed
            if time.monotonic() > deadline or self.closed is not None:
                return False
            await asyncio.sleep(0.005)
        return True

    # --- microphone and loudspeaker -------------------------------------------------------------------------------

    async def _speak(self) -> None:
        next_at = time.monotonic()
        while True:
            if not self.muted:
                await self._send_audio()
            next_at += FRAME_S
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    async def _send_audio(self) -> None:
        assert self._socket is not None
        piece = bytes(self._microphone[:FRAME_BYTES]).ljust(FRAME_BYTES, b"\0")
        del self._microphone[:FRAME_BYTES]
        frame = frame_protos.Frame()  # type: ignore[attr-defined]
        frame.audio.audio, frame.audio.sample_rate, frame.audio.num_channels = piece, RATE_IN, 1
        try:
            await self._socket.send(frame.SerializeToString())
        except websockets.ConnectionClosed:
            return
        if self._mark is not None:
            self._mark -= FRAME_BYTES
            if self._mark <= 0:
                self._mark, self._marked_at = None, time.monotonic()
                self.answered_early = self._marked_at < self._heard_until

    async def _listen(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                if isinstance(data, bytes):
                    self._take(frame_protos.Frame.FromString(data))  # type: ignore[attr-defined]
        except websockets.ConnectionClosed:
            pass
        self.closed = CallClosed(self._socket.close_code or 1006, self._socket.close_reason or "")

    def _take(self, frame: Any) -> None:
        kind = frame.WhichOneof("frame")
        if kind == "audio":
            self._hear(frame.audio)
        elif kind == "interruption":
            self.interruptions += 1
            self._heard_until = time.monotonic()
        elif kind == "message":
            self._read(json.loads(frame.message.data))

    def _hear(self, audio: Any) -> None:
        now = time.monotonic()
        samples = np.frombuffer(audio.audio, dtype="<i2")
        self.buyer_audio.append(samples)
        self._heard_until = max(self._heard_until, now) + len(samples) / audio.sample_rate
        loud = len(samples) > 0 and int(np.abs(samples.astype(np.int32)).max()) > LOUD_BUYER
        if loud and self._marked_at is not None and self._answered_at is None:
            self._answered_at = now

    def _read(self, message: dict[str, Any]) -> None:
        if message.get("type") != "server-message":
            if message.get("type") == "error":
                self.messages.append({"type": "error", **message.get("data", {})})
            return
        data = message.get("data", {})
        self.messages.append(data)
        if data.get("type") == "status":
            self.state = data["state"]
        elif data.get("type") == "ended":
            self.ended = data["reason"]

    async def _send_message(self, message: dict[str, Any]) -> None:
        assert self._socket is not None
        frame = frame_protos.Frame()  # type: ignore[attr-defined]
        frame.message.data = json.dumps({"label": "rtvi-ai", **message})
        with contextlib.suppress(websockets.ConnectionClosed):
            await self._socket.send(frame.SerializeToString())
