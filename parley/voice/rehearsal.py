"""The live pipeline for rehearsals: a voice server on a free port of this machine that keeps its calls in memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from parley.buyer.brief import BuyerBrief
from parley.voice.contracts import CallBrief, CallRecord, CallRefused, CallSink, Utterance
from parley.voice.registry import BuyerMaker
from parley.voice.server import create_voice_app
from parley.voice.settings import VoiceSettings


class MemorySink:
    """What was said in one call, as it is kept; no audio."""

    def __init__(self) -> None:
        self.utterances: dict[int, Utterance] = {}
        self.record: CallRecord | None = None
        self.is_over = asyncio.Event()

    async def utterance(self, utterance: Utterance) -> None:
        self.utterances[utterance.i] = utterance

    async def audio(self, index: int, start_s: float, pcm: bytes) -> None:
        """Sound is not kept: a rehearsal is about words and times."""

    async def heartbeat(self) -> bool:
        return True

    async def finished(self, record: CallRecord) -> None:
        self.record = record
        self.is_over.set()


class RehearsalRoom:
    """Takes calls one after the other. A `CallDirectory` whose tokens live in memory, each good once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tokens: dict[str, CallBrief] = {}
        self._sinks: dict[UUID, MemorySink] = {}

    def open_line(self, buyer: BuyerBrief, *, time_limit_s: float) -> tuple[str, MemorySink]:
        """The address of a new call to this buyer, and where it will be kept."""
        brief = CallBrief(attempt_id=uuid4(), org_id=uuid4(), user_id=uuid4(), buyer=buyer, time_limit_s=time_limit_s)
        token = uuid4().hex
        self._tokens[token] = brief
        self._sinks[brief.attempt_id] = MemorySink()
        return f"ws://127.0.0.1:{self._port}/voice/ws?token={token}", self._sinks[brief.attempt_id]

    async def redeem(self, token: str) -> CallBrief:
        brief = self._tokens.pop(token, None)
        if brief is None:
            raise CallRefused("unknown", "This link to the call is not valid.")
        return brief

    def sink(self, brief: CallBrief) -> CallSink:
        return self._sinks[brief.attempt_id]


@contextlib.asynccontextmanager
async def rehearsal_room(settings: VoiceSettings, make_buyer: BuyerMaker) -> AsyncIterator[RehearsalRoom]:
    """A voice server in this event loop until the block ends, with the models of `settings`. Raises ModelError."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        room = RehearsalRoom(bound.getsockname()[1])
        voice = create_voice_app(room, settings, make_buyer=make_buyer)
        app = Starlette(routes=[Mount("/voice", app=voice)])
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        await voice.state.calls.load()
        running = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            while not server.started:
                await asyncio.sleep(0.01)
            yield room
        finally:
            await voice.state.calls.close()
            server.should_exit = True
            await running
