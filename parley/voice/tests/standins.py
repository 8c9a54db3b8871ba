"""What a voice test needs around a call: a buyer with a fixed script, a directory, a sink in memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from parley.buyer.branching import Branching
from parley.buyer.brief import BuyerBrief, Persona, VoiceStyle
from parley.buyer.protocol import ReplyPart, RepTurn
from parley.voice.contracts import CallBrief, CallRecord, CallRefused, CallSink, Utterance
from parley.voice.server import create_voice_app
from parley.voice.settings import VoiceSettings

OPENING = "Hello, this is Marcus speaking."
ANSWERS = ("I would need to talk to my wife first.", "My bank is a little cheaper.", "Maybe next week.")
LONG_ANSWER = "Well, I already have a quote from another bank. Their rate looks a little better than yours."


class ScriptedForTests:
    """Says its answers in turn. `bye` from the rep ends the call; being silent twice for `patience_s` does too."""

    def __init__(self, answers: tuple[str, ...] = ANSWERS, opening: str = OPENING, patience_s: float = 3.0) -> None:
        self._answers, self._opening, self._patience_s = answers, opening, patience_s
        self.turns: list[RepTurn] = []
        self.heard_texts: list[str] = []
        self.prompted = 0
        self.notes: list[str] = []

    def open(self) -> list[ReplyPart]:
        return [ReplyPart(self._opening, ("opening",))]

    async def reply(self, turn: RepTurn) -> AsyncIterator[ReplyPart]:
        self.turns.append(turn)
        if "bye" in turn.text.lower():
            yield ReplyPart("Goodbye then.", ("closing:goodbye",), "goodbye")
            return
        yield ReplyPart(self._answers[(len(self.turns) - 1) % len(self._answers)], ("topic:test",))

    def on_silence(self, silent_s: float) -> list[ReplyPart]:
        if silent_s < self._patience_s:
            return []
        self.prompted += 1
        if self.prompted >= 2:
            return [ReplyPart("I will let you go. Goodbye.", ("closing:silence",), "silence")]
        return [ReplyPart("Are you still there?", ("prompt",))]

    def heard(self, text: str) -> None:
        self.heard_texts.append(text)


@dataclass
class MemorySink:
    """Keeps what a sink is given. `broken_for` writes fail first, as on a full disk."""

    utterances: dict[int, Utterance] = field(default_factory=dict)
    pieces: dict[int, tuple[float, bytes]] = field(default_factory=dict)
    record: CallRecord | None = None
    beats: int = 0
    broken_for: int = 0
    ended_outside: bool = False

    def _maybe_fail(self) -> None:
        if self.broken_for > 0:
            self.broken_for -= 1
            raise OSError(28, "No space left on device")

    async def utterance(self, utterance: Utterance) -> None:
        self._maybe_fail()
        self.utterances[utterance.i] = utterance

    async def audio(self, index: int, start_s: float, pcm: bytes) -> None:
        self._maybe_fail()
        self.pieces[index] = (start_s, pcm)

    async def heartbeat(self) -> bool:
        self.beats += 1
        return not self.ended_outside

    async def finished(self, record: CallRecord) -> None:
        self.record = record

    def recording(self) -> np.ndarray:
        """The stereo recording, shape (samples, 2); the pieces must follow each other without a gap."""
        at = 0
        for index in sorted(self.pieces):
            start_s, pcm = self.pieces[index]
            assert round(start_s * 16_000) == at or index == min(self.pieces), "a gap in the recording"
            at = round(start_s * 16_000) + len(pcm) // 4
        joined = b"".join(self.pieces[i][1] for i in sorted(self.pieces))
        return np.frombuffer(joined, dtype="<i2").reshape(-1, 2)


class MemoryDirectory:
    """Tokens in memory, each good once."""

    def __init__(self) -> None:
        self._tokens: dict[str, CallBrief] = {}
        self._used: set[str] = set()
        self.sinks: dict[UUID, MemorySink] = {}

    def token_for(self, brief: CallBrief) -> str:
        token = uuid4().hex
        self._tokens[token] = brief
        return token

    async def redeem(self, token: str) -> CallBrief:
        if token in self._used:
            raise CallRefused("used", "This link to the call was used already.")
        if token not in self._tokens:
            raise CallRefused("unknown", "This link to the call is not valid.")
        self._used.add(token)
        return self._tokens[token]

    def sink(self, brief: CallBrief) -> CallSink:
        return self.kept(brief)

    def kept(self, brief: CallBrief) -> MemorySink:
        return self.sinks.setdefault(brief.attempt_id, MemorySink())


class VoiceServer:
    """The voice application on a free port of 127.0.0.1, as `asgi` mounts it."""

    def __init__(self, app: Starlette, directory: MemoryDirectory, port: int) -> None:
        self.app, self.directory, self.port = app, directory, port
        self.buyers: list[Any] = []

    @property
    def calls(self) -> Any:
        return self.app.state.calls

    def ws_url(self, brief: CallBrief, token: str | None = None) -> str:
        return f"ws://127.0.0.1:{self.port}/voice/ws?token={token or self.directory.token_for(brief)}"

    def sink(self, brief: CallBrief) -> MemorySink:
        return self.directory.kept(brief)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def voice_server(settings: VoiceSettings, **parts: Any) -> AsyncIterator[VoiceServer]:
    """Run the voice server in this loop until the block ends."""
    directory, port = MemoryDirectory(), free_port()
    voice = create_voice_app(directory, settings, **parts)
    app = Starlette(routes=[Mount("/voice", app=voice)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    await voice.state.calls.load()
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield VoiceServer(voice, directory, port)
    finally:
        await voice.state.calls.close()
        server.should_exit = True
        await running


def data_dir() -> Path:
    """Rendered lines are kept between runs, as in an installation."""
    import tempfile

    return Path(tempfile.gettempdir()) / "parley-voice-tests"


def call_brief(*, gender: str = "man", key: str = "test", **changes: Any) -> CallBrief:
    """A call to Marcus, with the smallest branching that is valid."""
    style = VoiceStyle(pitch=1.75, formants=1.16) if gender == "woman" else VoiceStyle()
    persona = Persona(
        name="Marcus", age=44, gender=gender, work="teacher", mood="busy", hidden_motive="", facts={}, voice=style
    )
    topic = {"id": "rate", "label": "rate", "ask": ["what rate"], "says": ["Six."], "discovery": True}
    branching = Branching.model_validate(
        {
            "opening": [OPENING],
            "topics": [{**topic, "opens_motive": True}],
            "motive": {"label": "certainty", "says": ["I got burned once."], "needs": 1},
            "patience": {"start": 10, "warnings": ["I am busy."], "gone": ["Bye."]},
            "closing": {
                "goal": "application_started",
                "label": "application started",
                "ask": ["let's start the application"],
                "accept": ["Okay."],
                "hesitate": ["Not yet."],
                "refuse": ["No."],
                "goodbye": ["Bye."],
            },
            "carry_on": ["So what do you need from me?"],
            "silence": ["Hello?"],
            "interrupted": ["Sorry, go ahead."],
            "fallback": ["You said {words}."],
        }
    )
    buyer = BuyerBrief(scenario_key=key, title="Test", persona=persona, branching=branching, seed=1)
    return CallBrief(**{"attempt_id": uuid4(), "org_id": uuid4(), "user_id": uuid4(), "buyer": buyer, **changes})
