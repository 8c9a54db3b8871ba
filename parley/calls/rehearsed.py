"""A call that a program holds by voice through the live pipeline: for evals. Nothing of it is kept."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from parley.buyer import build_buyer
from parley.buyer.brief import BuyerBrief, VoiceStyle
from parley.buyer.wording import sentences
from parley.calls.voice import voice_settings
from parley.calls.voiced import BREATH_S, ModelError, rep_style
from parley.voice.client import RATE_IN, CallClosed, HeadlessRep
from parley.voice.model_files import place_of
from parley.voice.models import load_piper
from parley.voice.rehearsal import MemorySink, RehearsalRoom, rehearsal_room
from parley.voice.speech import RATE_OUT, render

__all__ = ["HeardReply", "ModelError", "RehearsalFailed", "SpokenCall", "TalkToBuyer", "rehearsals"]

KEPT_WITHIN_S = 180.0
"""How long the careful pass and the keeping of a call may take after its end."""
SPEAKS_WITHIN_S = 5.0
"""A turn that takes longer to synthesise is no call any more: buyers ask who is there after about eight seconds."""
MOST_TURNS = 45
SLOWEST, FASTEST = 0.75, 1.35
"""Limits of a rep's pace, as factors on the voice's own."""
VOICE_WORDS_PER_MINUTE = 158.0
"""Of the embedded voice at pace 1."""


class RehearsalFailed(Exception):
    """The call broke off. The text says why."""


@dataclass(frozen=True, slots=True)
class HeardReply:
    """What the buyer was heard to say since the rep's last turn."""

    text: str
    tags: tuple[str, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """A call as the pipeline kept it. `said` is what the rep meant to say, turn by turn."""

    transcript: list[dict[str, Any]]
    said: list[str]
    ended: str
    latencies_ms: list[float]
    duration_s: float


NextTurn = Callable[[HeardReply], str | None]
"""What the rep says to a reply; None when the rep hangs up."""


class TalkToBuyer:
    """Holds calls in one room, one after the other, with one voice for all reps."""

    def __init__(self, room: RehearsalRoom) -> None:
        self._room = room
        self._voice = load_piper(place_of("piper", voice_settings()), threads=1)
        self._spoken: dict[tuple[str, VoiceStyle], bytes] = {}

    async def rehearse(self, turns: Sequence[str], buyer: BuyerBrief, *, words_per_minute: float) -> None:
        """Speak what the rep is likely to say before the call, as no buyer waits for a synthesis."""
        style = _style(buyer, words_per_minute)
        await asyncio.to_thread(lambda: [self._say(sentence, style) for turn in turns for sentence in sentences(turn)])

    async def hold(
        self, buyer: BuyerBrief, next_turn: NextTurn, *, words_per_minute: float, pause_s: float, time_limit_s: float
    ) -> SpokenCall:
        """One call in real time. Raises RehearsalFailed when the line breaks or the call cannot be kept."""
        style = _style(buyer, words_per_minute)
        url, sink = self._room.open_line(buyer, time_limit_s=time_limit_s)
        said: list[str] = []
        try:
            async with HeadlessRep(url) as rep:
                ear = _Ear(sink)
                await rep.listen()
                for _ in range(MOST_TURNS):
                    words = next_turn(await ear.reply(over=rep.ended is not None))
                    if not words or rep.ended is not None:
                        break
                    began = time.monotonic()
                    sound = await asyncio.to_thread(self._speak, words, style)
                    took_s = time.monotonic() - began
                    if took_s > SPEAKS_WITHIN_S:
                        raise RehearsalFailed(
                            f"The rep's voice took {took_s:.0f} s for one turn, so the buyer would have heard silence. "
                            "The machine is too busy for spoken calls; try again when it is free."
                        )
                    await asyncio.sleep(max(0.0, pause_s - took_s))
                    said.append(words)
                    await rep.say(sound)
                    await rep.listen()
                if rep.ended is None:
                    await rep.hang_up()
            await asyncio.wait_for(sink.is_over.wait(), KEPT_WITHIN_S)
        except (CallClosed, OSError, TimeoutError) as problem:
            raise RehearsalFailed(f"The call broke off: {str(problem) or 'it was not kept in time'}.") from problem
        record = sink.record
        assert record is not None
        return SpokenCall(
            [u.model_dump(mode="json", exclude_none=True) for u in record.utterances],
            said,
            record.end_reason,
            record.latencies_ms,
            record.duration_s,
        )

    def _speak(self, words: str, style: VoiceStyle) -> bytes:
        """The turn as the microphone hears it: 16-bit mono PCM at 16 000 Hz, with a breath between sentences."""
        breath = np.zeros(int(BREATH_S * RATE_OUT), dtype=np.float32)
        pieces: list[npt.NDArray[np.float32]] = []
        for sentence in sentences(words):
            pcm = np.frombuffer(self._say(sentence, style), dtype="<i2")
            pieces += [pcm.astype(np.float32) / np.float32(32768), breath]
        heard = soxr.resample(np.concatenate(pieces[:-1]), RATE_OUT, RATE_IN)
        return bytes((np.clip(heard, -1, 1) * 32767).astype("<i2").tobytes())

    def _say(self, sentence: str, style: VoiceStyle) -> bytes:
        if (sentence, style) not in self._spoken:
            self._spoken[sentence, style] = render(self._voice, sentence, style)
        return self._spoken[sentence, style]


def _style(buyer: BuyerBrief, words_per_minute: float) -> VoiceStyle:
    pace = min(FASTEST, max(SLOWEST, words_per_minute / VOICE_WORDS_PER_MINUTE))
    return rep_style(buyer.persona.voice).model_copy(update={"pace": pace})


class _Ear:
    """Follows what is kept of the buyer."""

    def __init__(self, sink: MemorySink) -> None:
        self._sink = sink
        self._heard: set[int] = set()

    async def reply(self, *, over: bool) -> HeardReply:
        """What the buyer has said since the last time, waiting a moment for it to be kept."""
        for _ in range(40):
            fresh = [
                u for i, u in sorted(self._sink.utterances.items()) if u.speaker == "buyer" and i not in self._heard
            ]
            if fresh:
                break
            await asyncio.sleep(0.05)
        self._heard |= {u.i for u in fresh}
        tags = dict.fromkeys(tag for u in fresh for tag in u.tags or [])
        return HeardReply(" ".join(u.text for u in fresh), tuple(tags), over)


@contextlib.asynccontextmanager
async def rehearsals() -> AsyncIterator[TalkToBuyer]:
    """The live pipeline of this installation's models, with the scripted buyer. Raises ModelError."""
    settings = voice_settings().model_copy(update={"render_ahead": False, "max_calls": 1})
    async with rehearsal_room(settings, lambda brief: build_buyer(brief, None)) as room:
        yield TalkToBuyer(room)
