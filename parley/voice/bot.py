"""The pipeline of a call, one readable list, run once per connection."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frameworks.rtvi import RTVIObserverParams, RTVIProcessor
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.runner import WorkerRunner

from parley.buyer.protocol import ReplyPart
from parley.voice.dispatcher import Dispatcher
from parley.voice.ears import Ears
from parley.voice.frames import BuyerLinesFrame
from parley.voice.models import SAMPLE_RATE_IN, SAMPLE_RATE_OUT
from parley.voice.mouth import Mouth
from parley.voice.session import LiveCall
from parley.voice.tape import Tape

log = structlog.get_logger(__name__)
CLIENT_READY_WITHIN_S = 1.5
"""A client that never says `client-ready` (a headless one need not) is greeted after this long."""
GONE_AFTER_S = 5.0


class Leg:
    """One connection of a call: its transport, its pipeline, its messages to the page."""

    def __init__(self, call: LiveCall, transport: BaseTransport, *, always_sends_audio: bool) -> None:
        self.call = call
        self.always_sends_audio = always_sends_audio
        self.ears = Ears(call)
        self._transport = transport
        self._greeted = False
        self._closing = False
        self._worker = PipelineWorker(
            Pipeline(
                [
                    transport.input(),  # the rep's microphone: 16-bit mono PCM at 16 000 Hz
                    self.ears,  # voice activity, words, end of turn -> RepTurnFrame
                    Dispatcher(call),  # the buyer answers, sentence by sentence -> SayFrame
                    Mouth(call),  # sentences -> speech at 24 000 Hz
                    transport.output(),  # the rep's loudspeaker
                    Tape(call),  # what was really sent -> recording, transcript, captions
                ]
            ),
            params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE_IN, audio_out_sample_rate=SAMPLE_RATE_OUT),
            idle_timeout_secs=None,
            enable_turn_tracking=False,
            rtvi_observer_params=RTVIObserverParams(
                bot_output_enabled=False,
                bot_llm_enabled=False,
                bot_tts_enabled=False,
                user_llm_enabled=False,
                user_input_enabled=False,
                metrics_enabled=False,
            ),
        )
        self._listen_to_events()

    def _listen_to_events(self) -> None:
        self._transport.add_event_handler("on_client_connected", self._on_connected)
        self._transport.add_event_handler("on_client_disconnected", self._on_disconnected)
        self._worker.rtvi.add_event_handler("on_client_ready", self._on_client_ready)
        self._worker.rtvi.add_event_handler("on_client_message", self._on_client_message)

    async def _on_connected(self, _transport: BaseTransport, _client: Any) -> None:
        self.call.spawn(self._greet_soon(), "greet")

    async def _on_disconnected(self, _transport: BaseTransport, _client: Any) -> None:
        await self.call.detach(self)
        await self.stop()

    async def _on_client_ready(self, _rtvi: RTVIProcessor) -> None:
        await self._greet()

    async def _on_client_message(self, _rtvi: RTVIProcessor, message: Any) -> None:
        if message.type == "end":
            self.call.end_soon("rep_ended")

    async def run(self) -> None:
        """Carry the call until the connection or the call ends."""
        self.call.attach(self)
        runner = WorkerRunner(handle_sigint=False)
        try:
            await runner.add_workers(self._worker)
            await runner.run()
        finally:
            self._closing = True
            await self.call.detach(self)

    @property
    def silent_for_s(self) -> float:
        """Seconds since the microphone last sent anything."""
        return self.call.clock.now() - self.ears.last_audio_s

    @property
    def seems_gone(self) -> bool:
        """WebRTC sends audio even when muted; none for 5 s means that the network is gone, which nobody reports."""
        return self.always_sends_audio and self._greeted and self.silent_for_s > GONE_AFTER_S

    async def _greet_soon(self) -> None:
        await asyncio.sleep(CLIENT_READY_WITHIN_S)
        await self._greet()

    async def _greet(self) -> None:
        if not self._greeted and not self._closing:
            self._greeted = True
            await self.call.ready(self)

    async def say(self, parts: list[ReplyPart]) -> None:
        """Let the buyer speak unasked."""
        await self._worker.queue_frame(BuyerLinesFrame(parts))

    def send(self, message: dict[str, Any]) -> None:
        """Send an RTVI server message to the page, in the order of the calls."""
        if self._greeted and not self._closing:
            self.call.spawn(self._send(message), "send")

    async def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):
            await self._worker.rtvi.send_server_message(message)

    async def stop(self, after_s: float = 0.0) -> None:
        """Close the connection, after `after_s` in which last messages reach the page."""
        if self._closing:
            return
        await asyncio.sleep(after_s)
        self._closing = True
        await self._worker.cancel()
