"""One live call, which outlives the connections that carry it.

The floor (who speaks, what was heard), the transcript, the clock and the end are here. Everything runs on one event
loop; ears, dispatcher, mouth and tape of the current connection call in, nothing here waits for a database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog

from parley.buyer.protocol import Buyer, RepTurn
from parley.voice.careful import CarefulPass
from parley.voice.contracts import CallBrief, CallEnd, CallRecord, CallRefused, CallSink, Utterance
from parley.voice.floor import Floor
from parley.voice.keeper import Keeper
from parley.voice.models import VoiceModels
from parley.voice.mouth import Synthesiser
from parley.voice.page import Page
from parley.voice.recognise import Recogniser
from parley.voice.recorder import Clock, Recorder
from parley.voice.transcript import Transcript

if TYPE_CHECKING:
    from parley.voice.bot import Leg
    from parley.voice.ears import Stretch, TurnSoFar

log = structlog.get_logger(__name__)
HEARTBEAT_S = 5.0
ONE_MINUTE_LEFT_S = 60.0
CLAIM_S = 10.0
LEG_IS_DEAD_S = 2.0
"""A connection that has sent no audio for this long may be replaced by a new one."""


class LiveCall:
    """The state of one call. `on_over(call)` is called once, when everything has been kept."""

    def __init__(
        self,
        brief: CallBrief,
        *,
        buyer: Buyer,
        sink: CallSink,
        models: VoiceModels,
        recogniser: Recogniser,
        voice: Synthesiser,
        notes: list[str] | None = None,
        on_over: Callable[[LiveCall], None] = lambda call: None,
    ) -> None:
        self.brief, self.buyer, self.models = brief, buyer, models
        self.recogniser, self.voice = recogniser, voice
        self.started_at = datetime.now(UTC)
        self.clock = Clock(brief.resumed_at_s)
        self.keeper = Keeper(sink, self._trouble)
        self.recorder = Recorder(self.clock, self.keeper.audio, first_index=brief.resumed_segment)
        self.transcript = Transcript(brief.history)
        self.page = Page(self._send)
        self.floor = Floor(
            buyer=buyer,
            clock=self.clock,
            recorder=self.recorder,
            transcript=self.transcript,
            keeper=self.keeper,
            page=self.page,
            on_hang_up=lambda reason: self.end_soon(reason),
        )
        self.careful = CarefulPass(recogniser, self._carefully_heard, self.nobody_waits)
        self.leg: Leg | None = None
        self.end_reason: CallEnd | None = None
        self.over = asyncio.Event()
        self._on_over = on_over
        self._opened = bool(brief.history)
        self._rep_s = sum(u.end - u.start for u in brief.history if u.speaker == "rep")
        self.floor.buyer_s = sum(u.end - u.start for u in brief.history if u.speaker == "buyer")
        self._rep_quiet_since_s = self.clock.now()
        self._detached_at_s: float | None = self.clock.now()
        self._claimed_until_s = 0.0
        self._notes = notes if notes is not None else []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._warned = False
        self.spawn(self._watch(), "watch")

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run something that must survive the connection, and keep a reference to it."""
        task = asyncio.create_task(work, name=f"call-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- the connection -------------------------------------------------------------------------------------------

    def check_free(self) -> None:
        """Raises CallRefused when another connection holds this call, or it is over."""
        if self.end_reason is not None:
            raise CallRefused("ended", "This call has ended.")
        taken = self.leg is not None and self.leg.silent_for_s < LEG_IS_DEAD_S
        if taken or self.clock.now() < self._claimed_until_s:
            raise CallRefused("busy", "This call is already open in another tab or window. Use that one, or close it.")

    def claim(self) -> None:
        """Hold the call for the connection that is being made."""
        self.check_free()
        self._claimed_until_s = self.clock.now() + CLAIM_S

    def release(self) -> None:
        """The connection could not be made after all."""
        self._claimed_until_s = 0.0

    def attach(self, leg: Leg) -> None:
        """Let a connection carry the call from now on; a silent old one is dropped."""
        self.release()
        old, self.leg = self.leg, leg
        self._detached_at_s = None
        if old is not None:
            self.spawn(old.stop(), "stop-old-connection")

    async def ready(self, leg: Leg) -> None:
        """The page can hear and see: greet it, the first time with the opening, later with where the call stands."""
        self._rep_quiet_since_s = self.clock.now()
        self.page.afresh()
        self._tick()
        self.page.status("listening")
        if not self._opened:
            self._opened = True
            parts = self.buyer.open()
            if parts:
                await leg.say(parts)

    async def detach(self, leg: Leg) -> None:
        """A connection is gone. The call waits `reconnect_grace_s` for another."""
        if self.leg is not leg:
            return
        self.leg = None
        if self.end_reason is not None:
            return
        self._detached_at_s = self.clock.now()
        self.floor.interrupt(self._detached_at_s)
        await leg.ears.finish()
        log.info("A call lost its connection", attempt_id=str(self.brief.attempt_id))

    def _send(self, message: dict[str, Any]) -> None:
        if self.leg is not None:
            self.leg.send(message)

    def note(self, text: str) -> None:
        """Something the attempt should say about itself."""
        if text not in self._notes:
            self._notes.append(text)

    def _trouble(self, text: str) -> None:
        if text:
            self.note("For a while the recording could not be saved; see whether it is complete.")
        self.page.note(text or "Saving works again.")

    # --- the rep --------------------------------------------------------------------------------------------------

    def rep_spoke(self, seconds: float) -> None:
        self._rep_s += seconds
        self._rep_quiet_since_s = self.clock.now()

    def rep_said_so_far(self, turn: TurnSoFar) -> int:
        """Keep and show a turn that may still go on. Returns the number of its utterance."""
        if turn.i is None:
            turn.i = self.floor.unanswered[1] if self.floor.unanswered else self.transcript.new_i()
        self._keep_rep(self._utterance(turn.i, turn), final=False)
        return turn.i

    def rep_finished(self, turn: TurnSoFar) -> RepTurn:
        """Close a turn of the rep. Returns what the buyer must answer."""
        i = turn.i if turn.i is not None else self.rep_said_so_far(turn)
        utterance = self._utterance(i, turn)
        self._keep_rep(utterance, final=True)
        self.careful.add(i, turn.stretches)
        self.floor.unanswered, self.floor.last_turn_i = None, i
        self._rep_quiet_since_s = self.clock.now()
        self.page.status("thinking")
        return RepTurn(utterance.text, utterance.start, utterance.end, turn.interrupted)

    def rep_back_channel(self, stretch: Stretch) -> None:
        """Keep a `yeah` said while the buyer speaks; the buyer goes on."""
        i = self.transcript.new_i()
        self._keep_rep(
            Utterance(i=i, speaker="rep", start=stretch.start_s, end=stretch.end_s, text=stretch.text), final=True
        )
        self.careful.add(i, [stretch])

    def take_unanswered(self) -> RepTurn | None:
        """A turn whose reply was stopped by a noise before it was heard: the buyer must answer it after all."""
        unanswered, self.floor.unanswered = self.floor.unanswered, None
        return unanswered[0] if unanswered else None

    def _utterance(self, i: int, turn: TurnSoFar) -> Utterance:
        """A turn as one utterance. One whose reply was never heard continues the utterance before it."""
        text, start = turn.text, turn.stretches[0].start_s
        if self.floor.unanswered is not None and self.floor.unanswered[1] == i:
            before = self.floor.unanswered[0]
            text, start = f"{before.text} {text}", before.start_s
        return Utterance(i=i, speaker="rep", start=start, end=turn.stretches[-1].end_s, text=text)

    def _keep_rep(self, utterance: Utterance, *, final: bool) -> None:
        utterance.heard_until = utterance.end
        self.transcript.put(utterance)
        self.keeper.utterance(utterance)
        self.page.said(utterance, final=final)

    def _carefully_heard(self, i: int, utterance: Utterance) -> None:
        self.transcript.put(utterance)
        self.keeper.utterance(utterance)

    # --- time -----------------------------------------------------------------------------------------------------

    def nobody_waits(self) -> bool:
        """Whether spare work may run: the rep is silent and no answer is being made."""
        ears_busy = self.leg is not None and self.leg.ears.busy
        return not ears_busy and not self.floor.buyer_is_thinking

    async def _watch(self) -> None:
        """Twice a second hand out settled audio; every second look at the clock."""
        beat_at, tick = 0.0, 0
        while self.end_reason is None:
            await asyncio.sleep(0.5)
            tick += 1
            try:
                self.recorder.flush()
                if self.clock.now() >= beat_at:
                    beat_at = self.clock.now() + HEARTBEAT_S
                    self.spawn(self._heartbeat(), "heartbeat")
                if tick % 2 == 0:
                    self._tick()
                    await self._look_at_the_clock()
            except Exception:
                log.exception("The watch of a call stumbled")

    async def _heartbeat(self) -> None:
        try:
            if not await self.keeper.heartbeat():
                await self.end("rep_ended")
        except Exception as error:
            log.warning("A heartbeat could not be written", error=repr(error))

    def _tick(self) -> None:
        self.page.timer(self.clock.now(), self.brief.time_limit_s)
        self.page.talk(self._rep_s, self.floor.buyer_s)

    async def _look_at_the_clock(self) -> None:
        now = self.clock.now()
        if now >= self.brief.time_limit_s:
            await self.end("time_limit")
        elif self._detached_at_s is not None:
            if now - self._detached_at_s > self.brief.reconnect_grace_s:
                await self.end("connection_lost")
        elif self.leg is not None and self.leg.seems_gone:
            gone = self.leg
            await self.detach(gone)
            self.spawn(gone.stop(), "stop-lost-connection")
        elif not self._warned and now > self.brief.time_limit_s - ONE_MINUTE_LEFT_S > 0:
            self._warned = True
            self.page.note("One minute left.")
        elif self._opened and self.nobody_waits() and not self.floor.buyer_is_speaking:
            await self._mind_the_silence(now - max(self._rep_quiet_since_s, self.floor.free_since_s))

    async def _mind_the_silence(self, silent_s: float) -> None:
        parts = self.buyer.on_silence(silent_s) if silent_s > 0 else []
        if parts and self.leg is not None:
            self._rep_quiet_since_s = self.clock.now()
            await self.leg.say(parts)

    # --- the end --------------------------------------------------------------------------------------------------

    def end_soon(self, reason: CallEnd) -> None:
        """`end`, for those who cannot wait for it."""
        self.spawn(self.end(reason), "end")

    async def end(self, reason: CallEnd) -> None:
        """Hang up and keep everything. Safe to call twice; returns when the record is with the sink."""
        if self.end_reason is not None:
            await self.over.wait()
            return
        self.end_reason = reason
        await self.spawn(self._finish(reason), "finish")

    async def _finish(self, reason: CallEnd) -> None:
        try:
            leg = self.leg
            self.floor.interrupt(self.clock.now())
            if leg is not None:
                await leg.ears.finish()
                self.page.ended(reason)
            ended_at = datetime.now(UTC)
            duration_s = self.recorder.close()
            if leg is not None:
                self.spawn(leg.stop(after_s=0.3), "stop-connection")
            await self.careful.finish()
            await self.keeper.finish(self._record(reason, ended_at, duration_s))
        finally:
            self.over.set()
            self._on_over(self)

    def _record(self, reason: CallEnd, ended_at: datetime, duration_s: float) -> CallRecord:
        return CallRecord(
            attempt_id=self.brief.attempt_id,
            started_at=self.started_at,
            ended_at=ended_at,
            duration_s=round(duration_s, 3),
            end_reason=reason,
            utterances=self.transcript.of_record(),
            latencies_ms=self.floor.latencies_ms,
            notes=list(dict.fromkeys([*self._notes, *self.buyer.notes])),
            models={**self.models.names, "stt": self.recogniser.name, "tts": self.voice.name},
        )
