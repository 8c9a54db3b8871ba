"""One process: Starlette outermost, the live call at /voice, Django for everything else."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
django_app = cast("ASGIApp", get_asgi_application())

from parley.calls.directory import CallDirectory  # noqa: E402 - Django must be set up first
from parley.calls.voice import llm_settings, voice_settings  # noqa: E402
from parley.core.health import checks  # noqa: E402
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
    """Run the voice app's lifespan, which warms the speech models: Starlette does not run that of what it mounts."""
    async with voice_app.router.lifespan_context(voice_app):
        yield


application = Starlette(routes=[Mount("/voice", app=voice_app), Mount("/", app=django_app)], lifespan=lifespan)
