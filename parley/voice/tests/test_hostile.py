"""Bad input to the voice server: a clear refusal, never a traceback, and other calls go on."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pipecat.frames.protobufs.frames_pb2 as frame_protos
import pytest
import pytest_asyncio
import websockets

from parley.voice.client import CallClosed, HeadlessRep, read_turn
from parley.voice.settings import VoiceSettings
from parley.voice.tests.standins import ScriptedForTests, VoiceServer, call_brief, voice_server

pytestmark = pytest.mark.asyncio(loop_scope="module")
SDP_WITHOUT_AUDIO = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(settings: VoiceSettings) -> AsyncIterator[VoiceServer]:
    small = settings.model_copy(update={"max_calls": 1})
    async with voice_server(small, make_buyer=lambda b: ScriptedForTests(), fixed_lines=lambda b: []) as running:
        yield running


async def post(server: VoiceServer, body: Any, *, token: str = "", **parts: Any) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}/voice") as http:
        return await http.request(parts.pop("method", "POST"), f"/offer?token={token}", content=content, **parts)


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[1, 2]",
        {},
        {"sdp": 5, "type": "offer"},
        {"sdp": "v=0", "type": "answer"},
        {"sdp": "\x00\x01nonsense\r\nm=audio", "type": "offer"},
        {"sdp": "v=0\r\nm=audio x y z\r\na=rtpmap:zzz\r\n", "type": "offer"},
        {"sdp": SDP_WITHOUT_AUDIO, "type": "offer"},
        {"sdp": "a" * 100_000, "type": "offer"},
    ],
)
async def test_a_hostile_offer_is_refused(server: VoiceServer, body: Any) -> None:
    answer = await post(server, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_offer"


async def test_an_offer_that_only_looks_right_is_refused(server: VoiceServer) -> None:
    sdp = SDP_WITHOUT_AUDIO + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
    brief = call_brief(reconnect_grace_s=0.2)
    answer = await post(server, {"sdp": sdp, "type": "offer"}, token=server.directory.token_for(brief))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_offer"
    await server.calls.end(brief.attempt_id, "error")


async def test_an_offer_without_a_good_token_is_refused(server: VoiceServer) -> None:
    sdp = SDP_WITHOUT_AUDIO + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n"
    answer = await post(server, {"sdp": sdp, "type": "offer"}, token="made-up")
    assert answer.status_code == 401
    assert answer.json() == {"error": {"code": "unknown", "message": "This link to the call is not valid."}}


@pytest.mark.parametrize("body", [b"x", {"pc_id": "nobody", "candidates": []}, {"pc_id": None}])
async def test_hostile_candidates_are_refused(server: VoiceServer, body: Any) -> None:
    answer = await post(server, body, method="PATCH")
    assert answer.status_code in {400, 404}
    assert "error" in answer.json()


async def test_another_site_may_not_open_a_call(server: VoiceServer) -> None:
    answer = await post(server, {"sdp": "", "type": "offer"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(server.ws_url(call_brief()), origin=websockets.Origin("https://evil.example"))


async def test_a_token_is_good_once(server: VoiceServer) -> None:
    brief = call_brief()
    url = server.ws_url(brief)
    async with HeadlessRep(url) as rep:
        await rep.hang_up()
    async with HeadlessRep(url) as again:
        with pytest.raises(CallClosed, match="used already") as refusal:
            await again.listen()
    assert refusal.value.code == 4401


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"", b"\0" * 70_000, "text", "interruption", "rate", "odd"])
async def test_a_hostile_frame_ends_the_connection(server: VoiceServer, data: bytes | str) -> None:
    frame = frame_protos.Frame()  # type: ignore[attr-defined]
    if data == "interruption":
        frame.text.text = "say this"
    elif data in {"rate", "odd"}:
        frame.audio.audio, frame.audio.num_channels = b"\0" * 641, 1
        frame.audio.sample_rate = 44_100 if data == "rate" else 16_000
    payload = frame.SerializeToString() if data in {"interruption", "rate", "odd"} else data
    brief = call_brief()
    async with websockets.connect(server.ws_url(brief)) as socket:
        await socket.send(payload)
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await socket.recv()
    assert socket.close_code == 1003
    assert socket.close_reason
    await server.calls.end(brief.attempt_id, "error")


async def test_hostile_messages_do_not_end_the_call(server: VoiceServer) -> None:
    hostile = [
        "[]",
        "{",
        "7",
        '{"label": "rtvi-ai"}',
        '{"label": "rtvi-ai", "type": "send-text", "id": "1", "data": 7}',
    ]
    async with HeadlessRep(server.ws_url(call_brief())) as rep:
        assert rep._socket is not None
        for message in hostile:
            frame = frame_protos.Frame()  # type: ignore[attr-defined]
            frame.message.data = message
            await rep._socket.send(frame.SerializeToString())
        await rep.listen()
        await rep.hang_up()
        assert rep.ended == "rep_ended"


async def test_more_calls_than_the_machine_holds_are_refused(server: VoiceServer) -> None:
    async with HeadlessRep(server.ws_url(call_brief())) as rep:
        await rep.listen(2)
        async with HeadlessRep(server.ws_url(call_brief())) as second:
            with pytest.raises(CallClosed, match="lines are in use") as refusal:
                await second.listen()
        assert refusal.value.code == 4503
        await rep.hang_up()


async def test_a_file_that_is_no_recording_is_named(tmp_path: Any) -> None:
    broken = tmp_path / f"{uuid4().hex}.wav"
    broken.write_bytes(b"RIFF....WAVE")
    with pytest.raises(ValueError, match=broken.name):
        read_turn(broken)
