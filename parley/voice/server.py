"""The voice server: `POST` and `PATCH /offer` for WebRTC, `WS /ws` for the fall-back. Mounted at /voice."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiortc.sdp import SessionDescription, candidate_from_sdp
from pipecat.frames.frames import OutputTransportMessageUrgentFrame
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from parley.buyer.brief import BuyerBrief
from parley.buyer.protocol import Buyer
from parley.voice.bot import Leg
from parley.voice.contracts import CallDirectory, CallRefused
from parley.voice.registry import BriefLister, BuyerMaker, Calls, LineLister
from parley.voice.settings import VoiceSettings
from parley.voice.transports import CallWebsocketTransport, webrtc_transport

log = structlog.get_logger(__name__)
LARGEST_OFFER = 64 * 1024
HTTP_STATUS = {"expired": 401, "unknown": 401, "used": 401, "busy": 409, "ended": 410, "full": 503}
CLOSE_CODES = {"expired": 4401, "unknown": 4401, "used": 4401, "busy": 4409, "ended": 4410, "full": 4503}


def create_voice_app(
    directory: CallDirectory,
    settings: VoiceSettings,
    *,
    llm: Any = None,
    make_buyer: BuyerMaker | None = None,
    fixed_lines: LineLister | None = None,
    library: BriefLister | None = None,
) -> Starlette:
    """The Starlette application of the live calls; `app.state.calls` is its `Calls`.

    `llm` (a `parley.buyer` LLMSettings, or None) goes to `parley.buyer.build_buyer`, unless `make_buyer` is given.
    `library` lists a brief of every published scenario; their lines are then rendered ahead while nobody calls.
    Whoever mounts it must run its lifespan (or `calls.load()` and `calls.close()`): that loads the models.
    """
    calls = Calls(directory, settings, make_buyer or _build_buyer(llm), fixed_lines or _fixed_lines)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        loading = asyncio.create_task(_load(calls, library))
        yield
        loading.cancel()
        await calls.close()

    app = Starlette(
        routes=[
            Route("/offer", offer, methods=["POST"]),
            Route("/offer", candidates, methods=["PATCH"]),
            WebSocketRoute("/ws", websocket_call),
        ],
        lifespan=lifespan,
    )
    app.state.calls = calls
    app.state.connections = {}
    return app


def _build_buyer(llm: Any) -> BuyerMaker:
    def build(brief: BuyerBrief) -> Buyer:
        from parley.buyer import build_buyer

        return build_buyer(brief, llm)

    return build


def _fixed_lines(brief: BuyerBrief) -> list[str]:
    from parley.buyer import fixed_lines

    return fixed_lines(brief)


async def _load(calls: Calls, library: BriefLister | None) -> None:
    with contextlib.suppress(Exception):
        await calls.load()
    if calls.problem:
        log.error("The speech models cannot be used", problem=calls.problem)
    elif library is not None and calls.settings.render_ahead:
        try:
            await calls.render_library(library)
        except Exception as error:
            log.warning("The library could not be rendered ahead", error=repr(error))


def _error(code: str, message: str, status: int) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def _origin_is_ours(connection: HTTPConnection, settings: VoiceSettings) -> bool:
    """Browsers send an Origin; only pages of this server (or listed ones) may open a call. Others send none."""
    origin = connection.headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == connection.headers.get("host") or origin in settings.allowed_origins


async def _json_body(request: Request) -> dict[str, Any]:
    """The request's JSON object. Raises ValueError with what is wrong."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_OFFER:
            raise ValueError(f"The request is larger than {LARGEST_OFFER} bytes.")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise ValueError("The request is not JSON.") from error
    if not isinstance(data, dict):
        raise ValueError("The request is not a JSON object.")
    return data


def _check_offer(data: dict[str, Any]) -> str:
    """The SDP of an offer that can be answered. Raises ValueError."""
    sdp = data.get("sdp")
    if not isinstance(sdp, str) or data.get("type") != "offer":
        raise ValueError('An offer needs "sdp" (text) and "type": "offer".')
    try:
        parsed = SessionDescription.parse(sdp)
    except Exception as error:
        raise ValueError("The SDP of the offer cannot be read.") from error
    if not any(media.kind == "audio" for media in parsed.media):
        raise ValueError("The offer has no audio.")
    return sdp


async def offer(request: Request) -> Response:
    """Answer a WebRTC offer: `{"sdp", "type"}` -> `{"sdp", "type", "pc_id"}`. With `pc_id`, renegotiate that one."""
    calls: Calls = request.app.state.calls
    if not _origin_is_ours(request, calls.settings):
        return _error("origin", "Calls are opened from this site's own pages.", 403)
    try:
        data = await _json_body(request)
        sdp = _check_offer(data)
    except ValueError as error:
        return _error("bad_offer", str(error), 400)
    known = request.app.state.connections.get(data.get("pc_id"))
    if known is not None:
        return await _answer(known, sdp, again=True, restart=bool(data.get("restart_pc")))
    try:
        call = await calls.join(request.query_params.get("token", ""))
    except CallRefused as refused:
        return _error(refused.code, str(refused), HTTP_STATUS.get(refused.code, 403))
    except Exception as error:
        log.exception("A call could not be opened")
        return _error("unavailable", f"The call could not be opened: {error}", 503)
    connection = SmallWebRTCConnection(connection_timeout_secs=20)
    response = await _answer(connection, sdp, again=False)
    if response.status_code != 200:
        call.release()
    else:
        leg = Leg(call, webrtc_transport(connection), always_sends_audio=True)
        request.app.state.connections[connection.pc_id] = connection
        call.spawn(_run_webrtc(request.app, connection, leg), "webrtc")
    return response


async def _answer(connection: SmallWebRTCConnection, sdp: str, *, again: bool, restart: bool = False) -> Response:
    try:
        if again:
            await connection.renegotiate(sdp=sdp, type="offer", restart_pc=restart)
        else:
            await connection.initialize(sdp=sdp, type="offer")
        return JSONResponse(connection.get_answer())  # type: ignore[no-untyped-call]
    except Exception as error:
        log.warning("A WebRTC offer could not be answered", error=repr(error))
        await connection.disconnect()  # type: ignore[no-untyped-call]
        return _error("bad_offer", f"The offer cannot be answered: {error}", 400)


async def _run_webrtc(app: Starlette, connection: SmallWebRTCConnection, leg: Leg) -> None:
    try:
        await leg.run()
    finally:
        app.state.connections.pop(connection.pc_id, None)


async def candidates(request: Request) -> Response:
    """Add trickled ICE candidates: `{"pc_id", "candidates": [{"candidate", "sdp_mid", "sdp_mline_index"}]}`."""
    try:
        data = await _json_body(request)
        connection = request.app.state.connections.get(data.get("pc_id"))
        if connection is None:
            return _error("unknown", "No such connection.", 404)
        for item in data.get("candidates") or []:
            text = str(item.get("candidate") or "")
            candidate = candidate_from_sdp(text.removeprefix("candidate:")) if text else None
            if candidate is not None:
                candidate.sdpMid = item.get("sdp_mid", item.get("sdpMid"))
                candidate.sdpMLineIndex = item.get("sdp_mline_index", item.get("sdpMLineIndex"))
            await connection.add_ice_candidate(candidate)
    except Exception as error:
        return _error("bad_candidate", f"The candidates cannot be read: {error}", 400)
    return JSONResponse({"status": "success"})


async def websocket_call(websocket: WebSocket) -> None:
    """Carry a call over protobuf frames. A refusal arrives as an RTVI error and a close code from 4400 to 4599."""
    calls: Calls = websocket.app.state.calls
    if not _origin_is_ours(websocket, calls.settings):
        await websocket.close(code=4403)
        return
    await websocket.accept()
    try:
        call = await calls.join(websocket.query_params.get("token", ""))
    except CallRefused as refused:
        await _refuse(websocket, refused.code, str(refused))
        return
    except Exception as error:
        log.exception("A call could not be opened")
        await _refuse(websocket, "unavailable", f"The call could not be opened: {error}")
        return
    await Leg(call, CallWebsocketTransport(websocket), always_sends_audio=False).run()


async def _refuse(websocket: WebSocket, code: str, message: str) -> None:
    error = {"label": "rtvi-ai", "type": "error", "data": {"error": message, "code": code, "fatal": True}}
    payload = await ProtobufFrameSerializer().serialize(OutputTransportMessageUrgentFrame(message=error))
    with contextlib.suppress(Exception):
        if isinstance(payload, bytes):
            await websocket.send_bytes(payload)
        await websocket.close(code=CLOSE_CODES.get(code, 4400), reason=message[:120])
