"""What a call tells the page: RTVI server messages, each a JSON object with a `type`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parley.voice.contracts import CallEnd, Utterance


class Page:
    """Composes the messages; `send` carries them to whatever page is connected, or nowhere."""

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self._state = ""
        self._talk: tuple[float, float] | None = None

    def afresh(self) -> None:
        """A new page knows nothing: say again what it would have heard."""
        self._state, self._talk = "", None

    def status(self, state: str) -> None:
        """`listening`, `thinking`, `speaking` or `ended`, when it changes."""
        if state != self._state:
            self._state = state
            self._send({"type": "status", "state": state})

    def caption(self, i: int, speaker: str, text: str, *, final: bool) -> None:
        self._send({"type": "caption", "i": i, "speaker": speaker, "text": text, "final": final})

    def said(self, utterance: Utterance, *, final: bool) -> None:
        self.caption(utterance.i, utterance.speaker, utterance.text, final=final)

    def timer(self, elapsed_s: float, limit_s: float) -> None:
        self._send({"type": "timer", "elapsed_s": round(elapsed_s, 1), "limit_s": limit_s})

    def talk(self, rep_s: float, buyer_s: float) -> None:
        """How long each has spoken, when it has changed."""
        talk = (round(rep_s, 1), round(buyer_s, 1))
        if talk != self._talk:
            self._talk = talk
            ratio = round(talk[0] / sum(talk), 3) if sum(talk) else None
            self._send({"type": "talk", "rep_s": talk[0], "buyer_s": talk[1], "talk_ratio": ratio})

    def latency(self, ms: float, parts: dict[str, float]) -> None:
        self._send({"type": "latency", "ms": ms, "parts": parts})

    def note(self, text: str) -> None:
        self._send({"type": "note", "text": text})

    def ended(self, reason: CallEnd) -> None:
        self.status("ended")
        self._send({"type": "ended", "reason": reason})
