"""Pipecat's transports, set up for a call: 16 kHz mono in, 24 kHz mono out, paced and guarded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pipecat.frames.protobufs.frames_pb2 as frame_protos
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from pipecat.frames.frames import Frame, InputAudioRawFrame, InputTransportMessageFrame, InterruptionFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.base_transport import BaseTransport, TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketOutputTransport,
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)
from starlette.websockets import WebSocket

from parley.voice.models import SAMPLE_RATE_IN, SAMPLE_RATE_OUT

LEAD_S = 0.2
"""How far audio is sent ahead of being heard: enough to ride out a hiccup, little enough to stop at once."""
LARGEST_MESSAGE = 64 * 1024

AUDIO: dict[str, Any] = {
    "audio_in_enabled": True,
    "audio_out_enabled": True,
    "audio_in_sample_rate": SAMPLE_RATE_IN,
    "audio_out_sample_rate": SAMPLE_RATE_OUT,
    "audio_out_end_silence_secs": 0,
}


class BadFrameError(Exception):
    """A client sent something that is not part of a call; the text says what."""


class GuardedSerializer(ProtobufFrameSerializer):
    """Reads only microphone audio and RTVI messages from a client; anything else ends the connection."""

    def __init__(self, on_bad_frame: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._on_bad_frame = on_bad_frame

    async def deserialize(self, data: str | bytes) -> Frame | None:
        try:
            self._check(data)
            frame = await super().deserialize(data)
        except BadFrameError as bad:
            await self._on_bad_frame(str(bad))
            return None
        return frame if isinstance(frame, InputAudioRawFrame | InputTransportMessageFrame) else None

    def _check(self, data: str | bytes) -> None:
        if isinstance(data, str):
            raise BadFrameError("Send binary protobuf frames, not text.")
        if len(data) > LARGEST_MESSAGE:
            raise BadFrameError(f"A message of {len(data)} bytes is too large; {LARGEST_MESSAGE} is the most.")
        try:
            proto = frame_protos.Frame.FromString(data)  # type: ignore[attr-defined]
        except DecodeError as error:
            raise BadFrameError("That is not a protobuf frame of a call.") from error
        kind = proto.WhichOneof("frame")
        if kind == "audio":
            audio = proto.audio
            if audio.sample_rate != SAMPLE_RATE_IN or audio.num_channels != 1 or len(audio.audio) % 2:
                raise BadFrameError(
                    f"Audio must be 16-bit mono at {SAMPLE_RATE_IN} Hz, not {audio.num_channels} channel(s) "
                    f"at {audio.sample_rate} Hz."
                )
        elif kind != "message":
            raise BadFrameError(f"A client may send audio and messages, not {kind or 'an empty frame'}.")


class PacedOutput(FastAPIWebsocketOutputTransport):
    """Sends audio `LEAD_S` ahead of real time, where Pipecat sends it twice as fast: what is sent is soon heard."""

    _sent_until = 0.0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        if isinstance(frame, InterruptionFrame):
            self._sent_until = 0.0
        await super().process_frame(frame, direction)

    async def _write_audio_sleep(self) -> None:
        now = time.monotonic()
        self._sent_until = max(self._sent_until, now) + self.audio_chunk_size / 2 / self.sample_rate
        await asyncio.sleep(max(0.0, self._sent_until - now - LEAD_S))


class CallWebsocketTransport(FastAPIWebsocketTransport):
    """Protobuf frames over a WebSocket."""

    def __init__(self, websocket: WebSocket) -> None:
        async def refuse(reason: str) -> None:
            await websocket.close(code=1003, reason=reason[:120])

        params = FastAPIWebsocketParams(serializer=GuardedSerializer(refuse), **AUDIO)
        super().__init__(websocket, params)
        self._output = PacedOutput(self, self._client, params, name=self._output_name)


def webrtc_transport(connection: SmallWebRTCConnection) -> BaseTransport:
    """WebRTC through aiortc: Opus both ways, an RTVI data channel beside it."""
    return SmallWebRTCTransport(connection, TransportParams(**AUDIO))
