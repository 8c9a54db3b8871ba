"""One process: Starlette outermost, the live call at /voice, Django for everything else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import cast

from django.conf import settings
from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
django_app = cast("ASGIApp", get_asgi_application())

from parley.calls.directory import CallDirectory  # noqa: E402 - Django must be set up first
from parley.calls.voice import llm_settings, voice_settings  # noqa: E402
from parley.core.health import checks  # noqa: E402
from parley.core.live import listener  # noqa: E402
from parley.voice.server import create_voice_app  # noqa: E402

directory = CallDirectory()
voice_app = create_voice_app(directory, voice_settings(), llm=llm_settings(), library=directory.library)


def voice_models() -> dict[str, object]:
    """Are the speech models loaded, verified by hash and warm?"""
    calls = voice_app.state.calls
    if calls.models is None:
        return {"ok": False, "reason": calls.problem or "The speech models are still loading; ask again in a moment."}
    return {"ok": True, "models": calls.models.names, "live_calls": len(calls.live)}


checks["voice"] = voice_models


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Listen for news, and run the voice app's lifespan, which warms the speech models: Starlette does not run that of
    what it mounts.
    """
    listening = asyncio.create_task(listener.run(settings.DATABASE_DIRECT_URL))
    _end_streams_at_the_signal()
    async with voice_app.router.lifespan_context(voice_app):
        yield
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening


def _end_streams_at_the_signal() -> None:
    """Open streams end when the process is asked to: uvicorn waits for them before it ends the lifespan."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def end(number: int, frame: FrameType | None, before: object = before) -> None:
            loop.call_soon_threadsafe(listener.end)
            if callable(before):
                before(number, frame)

        with contextlib.suppress(ValueError):  # not the main thread: whoever runs us there ends us in another way
            signal.signal(number, end)


application = Starlette(routes=[Mount("/voice", app=voice_app), Mount("/", app=django_app)], lifespan=lifespan)
