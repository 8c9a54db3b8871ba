"""Deepgram and ElevenLabs against local servers that speak their protocols."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parley.voice.models import VoiceModels
from parley.voice.providers import Providers
from parley.voice.recognise import floats
from parley.voice.settings import VoiceSettings
from parley.voice.tests.conftest import spoken
from parley.voice.tests.standins import call_brief, free_port

FLOATS = np.zeros(16_000, dtype=np.float32)


class CloudServer:
    """Answers as the two services document it, unless `failing`."""

    def __init__(self) -> None:
        self.failing = False
        self.asked: list[Request] = []
        self.texts: list[str] = []
        self.heard_s = 0.0

    async def listen(self, request: Request) -> Response:
        self.asked.append(request)
        if self.failing:
            return JSONResponse({"err_code": "INVALID_AUTH"}, status_code=401)
        audio, rate = soundfile.read(io.BytesIO(await request.body()))
        self.heard_s = len(audio) / rate
        words = [
            {"word": "um", "punctuated_word": "Um,", "start": 0.1, "end": 0.3, "confidence": 0.9},
            {"word": "hello", "punctuated_word": "hello.", "start": 0.4, "end": 0.8, "confidence": 0.99},
        ]
        best = {"transcript": "Um, hello.", "confidence": 0.98, "words": words}
        return JSONResponse({"results": {"channels": [{"alternatives": [best]}]}})

    async def speak(self, request: Request) -> Response:
        self.asked.append(request)
        if self.failing:
            return JSONResponse({"detail": {"status": "quota_exceeded"}}, status_code=401)
        self.texts.append((await request.json())["text"])
        return Response(b"\x01\x00" * 24_000, media_type="audio/pcm")


@contextlib.asynccontextmanager
async def cloud() -> AsyncIterator[tuple[CloudServer, str]]:
    server, port = CloudServer(), free_port()
    routes = [
        Route("/v1/listen", server.listen, methods=["POST"]),
        Route("/v1/text-to-speech/{voice}", server.speak, methods=["POST"]),
    ]
    running = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="warning", lifespan="off"))
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    try:
        yield server, f"http://127.0.0.1:{port}"
    finally:
        running.should_exit = True
        await task


def with_keys(url: str, tmp_path: Path) -> VoiceSettings:
    return VoiceSettings(
        data_dir=tmp_path,
        deepgram_api_key=SecretStr("dg-key"),
        deepgram_url=url,
        elevenlabs_api_key=SecretStr("el-key"),
        elevenlabs_url=url,
    )


@pytest.fixture(scope="module")
def models(settings: VoiceSettings) -> VoiceModels:
    return VoiceModels.load(settings)


async def test_deepgram_hears(models: VoiceModels, tmp_path: Path) -> None:
    async with cloud() as (server, url):
        providers = Providers(with_keys(url, tmp_path))
        heard = await providers.recogniser(models, lambda text: None).careful(FLOATS)
        await providers.close()
    assert heard.text == "Um, hello."
    assert heard.words == [("Um,", 0.1, 0.3), ("hello.", 0.4, 0.8)]
    assert server.heard_s == pytest.approx(1.0)
    assert server.asked[0].headers["authorization"] == "Token dg-key"
    assert server.asked[0].query_params["filler_words"] == "true"


async def test_the_embedded_ears_step_in(models: VoiceModels, tmp_path: Path) -> None:
    troubles: list[str] = []
    async with cloud() as (server, url):
        server.failing = True
        providers = Providers(with_keys(url, tmp_path))
        heard = await providers.recogniser(models, troubles.append).quick(floats(spoken("turn07")))
        await providers.close()
    assert "easy decision" in heard.text
    assert "Deepgram" in troubles[0]


async def test_elevenlabs_speaks_and_lines_are_kept(models: VoiceModels, tmp_path: Path) -> None:
    async with cloud() as (server, url):
        providers = Providers(with_keys(url, tmp_path))
        woman = providers.synthesiser(models, call_brief(gender="woman").buyer.persona)
        man = providers.synthesiser(models, call_brief().buyer.persona)
        assert woman.cached("Hello.") is None
        assert await woman.speak("Hello.") == b"\x01\x00" * 24_000
        assert woman.cached("Hello.") == b"\x01\x00" * 24_000
        assert man.cached("Hello.") is None
        await man.render_ahead("Hello.")
        await providers.close()
    assert server.texts == ["Hello.", "Hello."]
    voices = [request.path_params["voice"] for request in server.asked]
    assert voices[0] != voices[1]
    assert server.asked[0].headers["xi-api-key"] == "el-key"
    assert server.asked[0].query_params["output_format"] == "pcm_24000"


async def test_the_embedded_voice_steps_in(models: VoiceModels, tmp_path: Path) -> None:
    troubles: list[str] = []
    async with cloud() as (server, url):
        server.failing = True
        providers = Providers(with_keys(url, tmp_path))
        pcm = await providers.synthesiser(models, call_brief().buyer.persona, troubles.append).speak("Hello there.")
        await providers.close()
    assert len(pcm) > 24_000
    assert "ElevenLabs" in troubles[0]
