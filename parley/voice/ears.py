"""The rep's side of the call: microphone audio in, whole turns out (`RepTurnFrame`).

Silero finds the stretches of speech, the recogniser their words, Smart Turn and the words decide whether the rep has
finished. Recognition starts in the pause before Silero is sure, so that it is ready when the pause is long enough.
Times come from the recording's sample positions, so a busy processor delays an answer but never shifts a transcript.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import structlog
from pipecat.audio.vad.vad_analyzer import VADState
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    StartFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from parley.voice.frames import RepTurnFrame
from parley.voice.levels import onset_s
from parley.voice.recognise import Floats, floats
from parley.voice.turns import NEARLY_DONE_S, TAKES_THE_FLOOR_S, is_back_channel, pause_before_reply
from parley.voice.whisper import Heard

if TYPE_CHECKING:
    from parley.voice.session import LiveCall

log = structlog.get_logger(__name__)
RATE = 16_000
BYTES_PER_S = RATE * 2
BEFORE_SPEECH_S = 1.0
"""Kept from before Silero is sure: it takes 0.2 s, and an `uh` too short for it may lie before that."""
VAD_START_S = 0.2
VAD_STOP_S = 0.2
GUESS_AFTER_S = 0.06
GUESS_UP_TO_S = 12.0
LONGEST_STRETCH_S = 20.0
MICROPHONE_GONE_S = 0.3
SMART_TURN_S = 8


@dataclass
class Stretch:
    """Speech between two silences. `pcm` begins a little before `start_s`, at `pcm_from_s`."""

    start_s: float
    pcm_from_s: float
    pcm: bytearray
    over_buyer: bool = False
    took_floor: bool = False
    end_s: float = 0.0
    quiet_since_s: float | None = None
    guess: asyncio.Task[tuple[Heard, float]] | None = None
    text: str = ""


@dataclass
class TurnSoFar:
    """Stretches with words that belong to one turn."""

    stretches: list[Stretch] = field(default_factory=list)
    interrupted: bool = False
    i: int | None = None

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.stretches)


class Ears(FrameProcessor):
    """Turns microphone audio (16-bit mono PCM at 16 000 Hz) into `RepTurnFrame`s and gives the rep the floor."""

    def __init__(self, call: LiveCall) -> None:
        super().__init__()
        self._call = call
        self._vad = call.models.new_vad()
        self._state = VADState.QUIET
        self._before = bytearray()
        self._stretch: Stretch | None = None
        self._ended: asyncio.Queue[Stretch] = asyncio.Queue()
        self._undecided = 0
        self._turn = TurnSoFar()
        self._answer_at: float | None = None
        self._at_s = 0.0
        self._one_at_a_time = asyncio.Lock()
        self._work: list[asyncio.Task[None]] = []
        self.last_audio_s = call.clock.now()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            self.last_audio_s = self._call.clock.now()
            async with self._one_at_a_time:
                await self._hear(frame.audio, self._call.recorder.rep(frame.audio))
            return
        if isinstance(frame, StartFrame):
            self._work = [self.create_task(self._decide(), "decide"), self.create_task(self._listen_on(), "listen-on")]
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop()
        await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        await super().cleanup()  # type: ignore[no-untyped-call]
        await self._stop()
        await self._vad.cleanup()  # type: ignore[no-untyped-call]

    async def _stop(self) -> None:
        work, self._work = self._work, []
        for task in work:
            await self.cancel_task(task)

    @property
    def rep_is_speaking(self) -> bool:
        return self._stretch is not None or self._state is VADState.STARTING

    @property
    def busy(self) -> bool:
        """The rep speaks, or has spoken and it is not yet settled whether the turn is over."""
        return self.rep_is_speaking or self._undecided > 0 or bool(self._turn.stretches)

    async def _listen_on(self) -> None:
        """Hear silence when the microphone sends nothing (muted, lost), so that a begun turn still ends."""
        piece_s = 0.1
        while True:
            await asyncio.sleep(piece_s)
            now = self._call.clock.now()
            if now - self.last_audio_s > MICROPHONE_GONE_S and self.busy:
                async with self._one_at_a_time:
                    await self._hear(bytes(int(piece_s * BYTES_PER_S)), now)

    async def _hear(self, pcm: bytes, at_s: float) -> None:
        self._at_s = at_s
        self._state = await self._vad.analyze_audio(pcm)
        if self._stretch is None:
            self._before = (self._before + pcm)[-int(BEFORE_SPEECH_S * BYTES_PER_S) :]
            if self._state is VADState.SPEAKING:
                await self._speech_began()
        else:
            self._stretch.pcm += pcm
            await self._speech_goes_on(self._stretch, len(pcm) / BYTES_PER_S)
        await self._answer_if_due()

    async def _speech_began(self) -> None:
        at_s = self._at_s
        stretch = Stretch(
            start_s=max(0.0, at_s - VAD_START_S - 0.03),
            pcm_from_s=at_s - len(self._before) / BYTES_PER_S,
            pcm=self._before,
            over_buyer=self._call.floor.buyer_is_speaking,
        )
        self._stretch, self._before = stretch, bytearray()
        if self._call.floor.rep_may_go_on:
            # The turn was not over after all: what comes next belongs to it.
            await self._take_floor(stretch)
        elif not stretch.over_buyer and not self._turn.stretches:
            await self.broadcast_frame(UserStartedSpeakingFrame)
        self._call.page.status("listening")

    async def _speech_goes_on(self, stretch: Stretch, seconds: float) -> None:
        if self._state is VADState.STOPPING:
            if stretch.quiet_since_s is None:
                stretch.quiet_since_s = self._at_s
            waited = self._at_s - stretch.quiet_since_s
            if stretch.guess is None and waited >= GUESS_AFTER_S and len(stretch.pcm) < GUESS_UP_TO_S * BYTES_PER_S:
                stretch.guess = self._recognise(stretch)
        elif self._state is VADState.QUIET:
            self._stretch = None
            stretch.end_s = max(stretch.start_s + 0.05, self._at_s - VAD_STOP_S)
            self._hand_over(stretch)
        else:
            self._call.rep_spoke(seconds)
            if stretch.guess is not None:
                stretch.guess.cancel()
                stretch.guess = None
            stretch.quiet_since_s = None
            await self._maybe_take_floor(stretch)
            if len(stretch.pcm) > LONGEST_STRETCH_S * BYTES_PER_S:
                self._stretch = self._split(stretch)

    async def _maybe_take_floor(self, stretch: Stretch) -> None:
        if not stretch.over_buyer or stretch.took_floor or self._at_s - stretch.start_s < TAKES_THE_FLOOR_S:
            return
        if self._call.floor.buyer_remaining_s > NEARLY_DONE_S:
            await self._take_floor(stretch)

    async def _take_floor(self, stretch: Stretch) -> None:
        stretch.took_floor = True
        self._turn.interrupted = self._call.floor.interrupt(self._call.clock.now()) or self._turn.interrupted
        await self.broadcast_frame(UserStartedSpeakingFrame)
        await self.broadcast_interruption()  # type: ignore[no-untyped-call]

    def _hand_over(self, stretch: Stretch) -> None:
        stretch.start_s = round(min(stretch.start_s, stretch.pcm_from_s + onset_s(floats(stretch.pcm))), 3)
        stretch.end_s = round(stretch.end_s, 3)
        if stretch.guess is None:
            stretch.guess = self._recognise(stretch)
        self._call.floor.forget_marks()
        self._call.floor.mark("pause")
        self._undecided += 1
        self._ended.put_nowait(stretch)

    def _recognise(self, stretch: Stretch) -> asyncio.Task[tuple[Heard, float]]:
        """Words and Smart Turn's verdict on what has been said so far, both on worker threads."""
        said = floats(stretch.pcm)
        whole = floats(b"".join(s.pcm for s in self._turn.stretches[-3:]) + stretch.pcm)[-SMART_TURN_S * RATE :]
        return asyncio.create_task(self._words_and_verdict(said, whole))

    async def _words_and_verdict(self, said: Floats, whole: Floats) -> tuple[Heard, float]:
        loop = asyncio.get_running_loop()
        models = self._call.models
        verdict = loop.run_in_executor(models.ears_pool, models.end_of_turn, whole)
        heard = await self._call.recogniser.quick(said)
        if pause_before_reply(heard.text, 0.0) == pause_before_reply(heard.text, 1.0):
            return heard, 0.0  # the words decide alone
        return heard, await verdict

    def _split(self, stretch: Stretch) -> Stretch:
        """Cut a monologue at its quietest moment of the last six seconds and hand over the first part."""
        window = RATE // 10
        audio = floats(stretch.pcm)
        last = audio[-(len(audio) - len(audio) % window) :][-6 * RATE :].reshape(-1, window)
        quietest = int(np.argmin(np.square(last).mean(axis=1)))
        cut = len(stretch.pcm) - (len(last) - quietest) * window * 2 + window
        cut_s = stretch.pcm_from_s + cut / BYTES_PER_S
        rest = Stretch(cut_s, cut_s, stretch.pcm[cut:], stretch.over_buyer, stretch.took_floor)
        stretch.pcm, stretch.end_s = stretch.pcm[:cut], cut_s
        self._hand_over(stretch)
        return rest

    async def _decide(self) -> None:
        while True:
            stretch = await self._ended.get()
            try:
                if stretch.guess is not None:
                    heard, complete = await stretch.guess
                    await self._consider(stretch, heard, complete)
            except Exception as error:
                log.exception("A stretch of speech could not be recognised")
                self._call.note(f"Speech at {stretch.start_s:.1f} s could not be recognised: {error}.")
            finally:
                self._undecided -= 1
            async with self._one_at_a_time:
                await self._answer_if_due()

    async def _consider(self, stretch: Stretch, heard: Heard, complete: float) -> None:
        stretch.text = heard.text
        self._call.floor.mark("words")
        if not heard.text:
            if not self._turn.stretches and self._stretch is None:
                unanswered = self._call.take_unanswered()
                if unanswered is not None:
                    await self.push_frame(RepTurnFrame(unanswered))
            return
        if stretch.over_buyer and not stretch.took_floor and self._call.floor.buyer_remaining_s > NEARLY_DONE_S:
            if is_back_channel(heard.text):
                self._call.rep_back_channel(stretch)
                return
            await self._take_floor(stretch)
        self._turn.stretches.append(stretch)
        self._turn.i = self._call.rep_said_so_far(self._turn)
        pause_s = pause_before_reply(heard.text, complete)
        self._answer_at = max(stretch.end_s + pause_s, self._call.recorder.buyer_until)

    async def _answer_if_due(self) -> None:
        if self._answer_at is None or self._stretch is not None or self._undecided or not self._turn.stretches:
            return
        may_go_on = self._state is VADState.STARTING and self._at_s - self._turn.stretches[-1].end_s > VAD_STOP_S + 0.1
        if self._at_s < self._answer_at or may_go_on:
            return
        turn, self._turn, self._answer_at = self._turn, TurnSoFar(), None
        self._call.floor.mark("turn")
        await self.broadcast_frame(UserStoppedSpeakingFrame)
        await self.push_frame(RepTurnFrame(self._call.rep_finished(turn)))

    async def finish(self) -> None:
        """Keep what the rep is saying or has just said when the call or the connection ends.

        When the call goes on over another connection, the next words belong to the same turn.
        """
        async with self._one_at_a_time:
            stretch, self._stretch = self._stretch, None
        waiting = [stretch] if stretch is not None else []
        if stretch is not None:
            stretch.start_s, stretch.end_s = (
                round(stretch.start_s, 3),
                round(max(stretch.start_s + 0.05, self._at_s), 3),
            )
            stretch.guess = stretch.guess or self._recognise(stretch)
        while not self._ended.empty():
            waiting.append(self._ended.get_nowait())
        for piece in sorted(waiting, key=lambda s: s.start_s):
            if piece.guess is not None:
                piece.text = (await piece.guess)[0].text
            if piece.text:
                self._turn.stretches.append(piece)
        if self._turn.stretches:
            turn, self._turn, self._answer_at = self._turn, TurnSoFar(), None
            kept = self._call.rep_finished(turn)
            self._call.floor.unanswered = (kept, self._call.floor.last_turn_i)
