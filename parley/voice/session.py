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

from parley.buyer.protocol import Buyer, ReplyPart, RepTurn
from parley.voice.careful import CarefulPass
from parley.voice.contracts import CallBrief, CallEnd, CallRecord, CallRefused, CallSink, Utterance
from parley.voice.frames import ClauseFrame, ReplyEndFrame
from parley.voice.keeper import Keeper
from parley.voice.models import VoiceModels
from parley.voice.mouth import Synthesiser
from parley.voice.recognise import Recogniser
from parley.voice.recorder import Clock, Recorder
from parley.voice.transcript import Clause, Reply, Transcript

if TYPE_CHECKING:
    from parley.voice.bot import Leg
    from parley.voice.ears import Stretch, TurnSoFar

log = structlog.get_logger(__name__)
HEARTBEAT_S = 5.0
ONE_MINUTE_LEFT_S = 60.0
HANG_UP_PAUSE_S = 0.4
ANSWERED_TOO_SOON_S = 0.8
CLAIM_S = 10.0
STILL_LONG_S = 5.0
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
        on_over: Callable[[LiveCall], None] = lambda call: None,
    ) -> None:
        self.brief, self.buyer, self.models = brief, buyer, models
        self.recogniser, self.voice = recogniser, voice
        self.started_at = datetime.now(UTC)
        self.clock = Clock(brief.resumed_at_s)
        self.keeper = Keeper(sink, self._trouble)
        self.recorder = Recorder(self.clock, self.keeper.audio, first_index=brief.resumed_segment)
        self.transcript = Transcript(brief.history)
        self.careful = CarefulPass(recogniser, self._carefully_heard, self.nobody_waits)
        self.leg: Leg | None = None
        self.end_reason: CallEnd | None = None
        self.over = asyncio.Event()
        self._on_over = on_over
        self._opened = bool(brief.history)
        self._reply: Reply | None = None
        self._replies = 0
        self._unanswered: RepTurn | None = None
        self._unanswered_i: int | None = None
        self._last_turn_i: int | None = None
        self._rep_s = sum(u.end - u.start for u in brief.history if u.speaker == "rep")
        self._buyer_s = sum(u.end - u.start for u in brief.history if u.speaker == "buyer")
        self._talk_sent: tuple[float, float] = (-1.0, -1.0)
        self._state = ""
        self._quiet_since_s = self.clock.now()
        self._detached_at_s: float | None = self.clock.now()
        self._claimed_until_s = 0.0
        self._latencies_ms: list[float] = []
        self._marks: dict[str, float] = {}
        self._notes: list[str] = []
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
        self._quiet_since_s = self.clock.now()
        self._talk_sent = (-1.0, -1.0)
        self._tick()
        self.status("listening", again=True)
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
        self._detached_at_s = self.clock.now()
        self.interrupt(self._detached_at_s)
        await leg.ears.finish()
        log.info("A call lost its connection", attempt_id=str(self.brief.attempt_id))

    def send(self, message: dict[str, Any]) -> None:
        """Tell the page, if there is one."""
        if self.leg is not None:
            self.leg.send(message)

    def status(self, state: str, *, again: bool = False) -> None:
        if state != self._state or again:
            self._state = state
            self.send({"type": "status", "state": state})

    def note(self, text: str) -> None:
        """Something the attempt should say about itself."""
        if text not in self._notes:
            self._notes.append(text)

    def _trouble(self, text: str) -> None:
        if text:
            self.note("For a while the recording could not be saved; see whether it is complete.")
        self.send({"type": "note", "text": text or "Saving works again."})

    # --- the rep --------------------------------------------------------------------------------------------------

    def rep_spoke(self, seconds: float) -> None:
        self._rep_s += seconds
        self._quiet_since_s = self.clock.now()

    def rep_said_so_far(self, turn: TurnSoFar) -> int:
        """Keep and show a turn that may still go on. Returns the number of its utterance."""
        if turn.i is None:
            merged = self._unanswered_i if self._unanswered is not None else None
            turn.i = merged if merged is not None else self.transcript.new_i()
        self._keep_rep(self._utterance(turn.i, turn), final=False)
        return turn.i

    def rep_finished(self, turn: TurnSoFar) -> RepTurn:
        """Close a turn of the rep. Returns what the buyer must answer."""
        i = turn.i if turn.i is not None else self.rep_said_so_far(turn)
        utterance = self._utterance(i, turn)
        self._keep_rep(utterance, final=True)
        for stretch in turn.stretches:
            self.careful.add(i, stretch)
        self._unanswered, self._unanswered_i, self._last_turn_i = None, None, i
        self._quiet_since_s = self.clock.now()
        self.status("thinking")
        return RepTurn(utterance.text, utterance.start, utterance.end, turn.interrupted)

    def rep_back_channel(self, stretch: Stretch) -> None:
        """Keep a `yeah` said while the buyer speaks; the buyer goes on."""
        i = self.transcript.new_i()
        self._keep_rep(
            Utterance(i=i, speaker="rep", start=stretch.start_s, end=stretch.end_s, text=stretch.text), final=True
        )
        self.careful.add(i, stretch)

    def take_unanswered(self) -> RepTurn | None:
        """A turn whose reply was stopped by a noise before it was heard: the buyer must answer it after all."""
        turn, self._unanswered, self._unanswered_i = self._unanswered, None, None
        return turn

    def _utterance(self, i: int, turn: TurnSoFar) -> Utterance:
        """A turn as one utterance. One whose reply was never heard continues the utterance before it."""
        before = self.transcript.get(i) if self._unanswered is not None and i == self._unanswered_i else None
        text = f"{self._unanswered.text} {turn.text}" if before is not None and self._unanswered else turn.text
        start = before.start if before is not None else turn.stretches[0].start_s
        return Utterance(i=i, speaker="rep", start=start, end=turn.stretches[-1].end_s, text=text)

    def _keep_rep(self, utterance: Utterance, *, final: bool) -> None:
        utterance.heard_until = utterance.end
        self.transcript.put(utterance)
        self.keeper.utterance(utterance)
        self._caption(utterance, final=final)

    def _carefully_heard(self, i: int, utterance: Utterance) -> None:
        self.transcript.put(utterance)
        self.keeper.utterance(utterance)

    def _caption(self, utterance: Utterance, *, final: bool) -> None:
        said = {"i": utterance.i, "speaker": utterance.speaker, "text": utterance.text, "final": final}
        self.send({"type": "caption", **said})

    # --- the buyer ------------------------------------------------------------------------------------------------

    @property
    def buyer_is_speaking(self) -> bool:
        return self.buyer_remaining_s > 0 and self._reply is not None and not self._reply.closed

    @property
    def buyer_is_thinking(self) -> bool:
        """A reply is on its way and none of it has been heard."""
        return self._reply is not None and not self._reply.closed and self._reply.started_s is None

    @property
    def buyer_remaining_s(self) -> float:
        """How long the buyer will still be heard; a reply that is still being made counts as long."""
        reply = self._reply
        if reply is None or reply.closed or reply.started_s is None:
            return 0.0
        made = reply.started_s + reply.made_s - self.clock.now() if reply.all_made else STILL_LONG_S
        return max(0.0, made, self.recorder.buyer_until - self.clock.now())

    @property
    def rep_may_go_on(self) -> bool:
        """The buyer has only just begun to answer: a rep who speaks now is going on, not interrupting."""
        reply = self._reply
        if reply is None or reply.closed or reply.turn is None:
            return False
        return reply.started_s is None or self.clock.now() - reply.started_s < ANSWERED_TOO_SOON_S

    def begin_reply(self, turn: RepTurn | None) -> int:
        """The buyer takes the floor. Returns the number of the reply."""
        if self._reply is not None and not self._reply.closed:
            self._close(self._reply, self.recorder.buyer_until, self._reply.text)
        self._replies += 1
        self._reply = Reply(self._replies, turn)
        if turn is not None:
            self.status("thinking")
        return self._replies

    def clause_made(self, reply: int, seconds: float) -> None:
        """The mouth has made a piece of a reply, which waits to be sent."""
        if self._reply is not None and self._reply.id == reply:
            self._reply.made_s += seconds

    def reply_made(self, reply: int) -> None:
        """The mouth has made all of a reply."""
        if self._reply is not None and self._reply.id == reply:
            self._reply.all_made = True

    def clause_begins(self, frame: ClauseFrame) -> None:
        reply = self._reply
        if reply is None or reply.closed or reply.id != frame.reply:
            return
        if reply.i is None:
            reply.i = self.transcript.new_i()
        reply.clauses.append(Clause(frame.text, frame.seconds))
        reply.tags += [tag for tag in frame.tags if tag not in reply.tags]

    def buyer_heard(self, pcm: bytes) -> None:
        """Buyer audio (24 kHz) has just been sent: place it in the recording and take the time of its clause."""
        reply = self._reply
        if reply is None or reply.closed or not reply.clauses:
            return
        start_s, end_s = self.recorder.buyer(pcm)
        self._buyer_s += end_s - start_s
        if reply.started_s is None:
            reply.started_s = start_s
            if reply.turn is not None:
                self._time_answer(reply.turn, start_s)
            self.status("speaking")
        if reply.clauses[-1].start_s is None:
            reply.clauses[-1].start_s = start_s
            self.send({"type": "caption", "i": reply.i, "speaker": "buyer", "text": reply.text, "final": False})

    def mark(self, stage: str) -> None:
        """Note when the answer to the rep's last words passed a stage: pause, words, turn, buyer, voice."""
        self._marks.setdefault(stage, self.clock.now())

    def forget_marks(self) -> None:
        """New words of the rep: the way to their answer is timed afresh."""
        self._marks = {}

    def _time_answer(self, turn: RepTurn, start_s: float) -> None:
        """Voice to voice, and what each stage added to it, in ms."""
        latency = round((start_s - turn.end_s) * 1000, 1)
        self._latencies_ms.append(latency)
        parts, before = {}, turn.end_s
        for stage, at in [*self._marks.items(), ("out", start_s)]:
            parts[stage] = round((at - before) * 1000, 1)
            before = at
        self.send({"type": "latency", "ms": latency, "parts": parts})

    def reply_sent(self, frame: ReplyEndFrame) -> None:
        """The last sample of a reply has been sent; a moment later it has been heard."""
        reply = self._reply
        if reply is None or reply.closed or reply.id != frame.reply:
            return
        reply.ends_call = frame.ends_call
        self.spawn(self._heard_out(reply), "heard-out")

    async def _heard_out(self, reply: Reply) -> None:
        await asyncio.sleep(max(0.0, self.recorder.buyer_until - self.clock.now()))
        if reply.closed:
            return
        self._close(reply, self.recorder.buyer_until, reply.text)
        self._unanswered = self._unanswered_i = None
        if reply.ends_call is not None:
            await asyncio.sleep(HANG_UP_PAUSE_S)
            await self.end(reply.ends_call)

    def interrupt(self, at_s: float) -> bool:
        """Stop the buyer at `at_s`: what was sent but not heard counts as not said. Returns whether it lost the floor.

        A buyer who answered too soon has not lost it: that reply is taken back, and the turn it answered goes on.
        """
        reply = self._reply
        if reply is None or reply.closed:
            return False
        spoke, too_soon = reply.started_s is not None, self.rep_may_go_on
        heard = reply.text_heard(at_s)
        unheard_s = max(0.0, self.recorder.buyer_until - at_s) if spoke else 0.0
        self._buyer_s = max(0.0, self._buyer_s - unheard_s)
        self.recorder.cut_buyer(at_s)
        unheard = too_soon or not heard
        self.buyer.heard("" if unheard else heard)
        self._close(reply, at_s, heard)
        if unheard and reply.turn is not None:
            self._unanswered, self._unanswered_i = reply.turn, self._last_turn_i
        return spoke and not too_soon

    def _close(self, reply: Reply, at_s: float, heard: str) -> None:
        """The reply is over at `at_s` and `heard` is what it came to."""
        reply.closed = True
        self._quiet_since_s = at_s
        self.status("listening")
        if reply.i is None or reply.started_s is None:
            return
        utterance = Utterance(
            i=reply.i,
            speaker="buyer",
            start=reply.started_s,
            end=max(reply.started_s, at_s),
            text=heard,
            heard_until=max(reply.started_s, at_s),
            tags=list(reply.tags) or None,
        )
        self.transcript.put(utterance)
        if heard:
            self.keeper.utterance(utterance)
        self._caption(utterance, final=True)

    # --- time -----------------------------------------------------------------------------------------------------

    def nobody_waits(self) -> bool:
        """Whether spare work may run: the rep is silent and no answer is being made."""
        ears_busy = self.leg is not None and self.leg.ears.busy
        return not ears_busy and not self.buyer_is_thinking

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
        now = self.clock.now()
        self.send({"type": "timer", "elapsed_s": round(now, 1), "limit_s": self.brief.time_limit_s})
        talk = (round(self._rep_s, 1), round(self._buyer_s, 1))
        if talk != self._talk_sent:
            self._talk_sent = talk
            ratio = round(talk[0] / sum(talk), 3) if sum(talk) else None
            self.send({"type": "talk", "rep_s": talk[0], "buyer_s": talk[1], "talk_ratio": ratio})

    async def _look_at_the_clock(self) -> None:
        now = self.clock.now()
        if now >= self.brief.time_limit_s:
            await self.end("time_limit")
        elif self._detached_at_s is not None:
            if now - self._detached_at_s > self.brief.reconnect_grace_s:
                await self.end("connection_lost")
        elif self.leg is not None and self.leg.seems_gone:
            await self.detach(self.leg)
        elif not self._warned and now > self.brief.time_limit_s - ONE_MINUTE_LEFT_S > 0:
            self._warned = True
            self.send({"type": "note", "text": "One minute left."})
        elif self._opened and self.leg is not None and self.nobody_waits() and not self.buyer_is_speaking:
            parts = self.buyer.on_silence(now - self._quiet_since_s) if now > self._quiet_since_s else []
            await self._speak_unasked(parts)

    async def _speak_unasked(self, parts: list[ReplyPart]) -> None:
        if parts and self.leg is not None:
            self._quiet_since_s = self.clock.now()
            await self.leg.say(parts)

    # --- the end --------------------------------------------------------------------------------------------------

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
            self.interrupt(self.clock.now())
            if leg is not None:
                await leg.ears.finish()
                self.status("ended")
                self.send({"type": "ended", "reason": reason})
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
            latencies_ms=self._latencies_ms,
            notes=[*self._notes, *self.buyer.notes],
            models={**self.models.names, "stt": self.recogniser.name, "tts": self.voice.name},
        )
