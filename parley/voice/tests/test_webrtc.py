"""A spoken call over WebRTC, with aiortc as the browser."""

from __future__ import annotations

import asyncio
import fractions
import json
from typing import Any

import httpx
import numpy as np
import soxr
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from av import AudioFrame

from parley.voice.settings import VoiceSettings
from parley.voice.tests.conftest import spoken, text_of
from parley.voice.tests.standins import ANSWERS, OPENING, ScriptedForTests, VoiceServer, call_brief, voice_server
from parley.voice.turns import words_of

RATE = 48_000


class Microphone(MediaStreamTrack):
    """Sends what is put into `speech` (48 kHz mono), silence otherwise, in real time."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.speech = np.zeros(0, dtype=np.int16)
        self._sent, self._began = 0, asyncio.get_event_loop().time()

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(max(0.0, self._began + self._sent / RATE - asyncio.get_event_loop().time()))
        piece, self.speech = self.speech[:960], self.speech[960:]
        samples = np.zeros(960, dtype=np.int16)
        samples[: len(piece)] = piece
        frame = AudioFrame.from_ndarray(samples[None, :], layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, fractions.Fraction(1, RATE)
        self._sent += 960
        return frame


class Page:
    """What a browser does: offer, listen, read messages."""

    def __init__(self) -> None:
        self.peer, self.microphone = RTCPeerConnection(), Microphone()
        self.messages: list[dict[str, Any]] = []
        self.loud_s = 0.0
        self.peer.addTrack(self.microphone)
        self.channel = self.peer.createDataChannel("rtvi")
        self.channel.on("message", self._read)
        self.peer.on("track", lambda track: asyncio.ensure_future(self._listen(track)))

    def _read(self, text: str) -> None:
        message = json.loads(text)
        if message.get("type") == "server-message":
            self.messages.append(message["data"])

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            frame = await track.recv()
            assert isinstance(frame, AudioFrame)
            if np.abs(frame.to_ndarray().astype(np.int32)).max() > 300:
                self.loud_s += frame.samples / frame.sample_rate

    async def connect(self, server: VoiceServer, token: str) -> httpx.Response:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        offer = {"sdp": self.peer.localDescription.sdp, "type": "offer"}
        async with httpx.AsyncClient(timeout=20) as http:
            answer = await http.post(f"http://127.0.0.1:{server.port}/voice/offer?token={token}", json=offer)
        if answer.status_code == 200:
            sdp = answer.json()["sdp"]
            await self.peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
        return answer

    def send(self, message: dict[str, Any]) -> None:
        self.channel.send(json.dumps({"label": "rtvi-ai", **message}))

    async def wait_for(self, **wanted: Any) -> dict[str, Any]:
        for _ in range(400):
            for message in self.messages:
                if wanted.items() <= message.items():
                    return message
            await asyncio.sleep(0.05)
        raise AssertionError(f"no message {wanted} among {self.messages}")


async def test_a_call_over_webrtc(settings: VoiceSettings) -> None:
    buyer = ScriptedForTests()
    async with voice_server(settings, make_buyer=lambda b: buyer, fixed_lines=lambda b: []) as server:
        brief, page, second = call_brief(), Page(), Page()
        assert (await page.connect(server, server.directory.token_for(brief))).status_code == 200
        while page.channel.readyState != "open":
            await asyncio.sleep(0.05)
        page.send({"type": "client-ready", "id": "1", "data": {"version": "1.0.0"}})
        opening = await page.wait_for(type="caption", speaker="buyer", final=True)
        assert opening["text"] == OPENING
        assert page.loud_s > 0.5

        busy = await second.connect(server, server.directory.token_for(brief))
        assert busy.status_code == 409
        assert busy.json()["error"]["code"] == "busy"

        speech = np.frombuffer(spoken("turn02"), dtype="<i2")
        page.microphone.speech = soxr.resample(speech, 16_000, RATE)
        heard = await page.wait_for(type="caption", speaker="rep", final=True)
        assert len([w for w in words_of(text_of("turn02")) if w not in words_of(heard["text"])]) <= 1
        await page.wait_for(type="caption", speaker="buyer", final=True, text=ANSWERS[0])
        page.send({"type": "client-message", "id": "2", "data": {"t": "end", "d": {}}})
        ended = await page.wait_for(type="ended")
        assert ended["reason"] == "rep_ended"
        for peer in (page.peer, second.peer):
            await peer.close()
        for _ in range(100):
            if server.sink(brief).record is not None:
                break
            await asyncio.sleep(0.05)
        record = server.sink(brief).record
    assert record is not None
    assert [u.speaker for u in record.utterances] == ["buyer", "rep", "buyer"]
    assert server.sink(brief).recording()[:, 0].any()
