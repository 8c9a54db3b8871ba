"""A server that speaks the OpenAI chat protocol on this machine: well, slowly, with errors, or breaking off."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

GOOD = "Sure. It is four hundred twenty-five thousand."
Manner = Literal["good", "slow", "error", "busy", "broken", "cut", "stalls", "nonsense"]


@dataclass(slots=True)
class FakeOpenAI:
    """What the server does and what it was asked."""

    text: str
    manner: Manner
    then: Manner | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def fake_openai(text: str = GOOD, manner: Manner = "good", then: Manner | None = None) -> Iterator[FakeOpenAI]:
    """Serves until the block is left; `then` is its manner from the second request on."""
    fake = FakeOpenAI(text=text, manner=manner, then=then)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def _handler(fake: FakeOpenAI) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class calls it so
            """Quiet."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fake.requests.append({"path": self.path, "auth": self.headers.get("Authorization"), **json.loads(body)})
            if fake.then and len(fake.requests) > 1:
                fake.manner = fake.then
            if fake.manner in ("error", "busy"):
                self._answer_error(500 if fake.manner == "error" else 429)
                return
            if fake.manner == "slow":
                time.sleep(1.2)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self._stream()
            self.close_connection = True

        def _answer_error(self, status: int) -> None:
            body = json.dumps({"error": {"message": "out of order", "type": "server_error"}}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self) -> None:
            if fake.manner == "nonsense":
                self.wfile.write(b"data: {not json\n\n")
                return
            words = fake.text.split(" ")
            for n, word in enumerate(words):
                if fake.manner == "broken" and n == len(words) // 2:
                    return  # the connection closes in mid-sentence
                if fake.manner == "cut" and n == len(words) // 2:
                    self._chunk({}, finish="length")
                    self.wfile.write(b"data: [DONE]\n\n")
                    return
                if fake.manner == "stalls" and n == len(words) // 2:
                    time.sleep(3.0)
                self._chunk({"content": word if n == 0 else f" {word}"})
            self._chunk({}, finish="stop")
            self.wfile.write(b"data: [DONE]\n\n")

        def _chunk(self, delta: dict[str, str], finish: str | None = None) -> None:
            chunk = {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "fake",
                "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

    return Handler
