"""Who has the floor: the buyer's replies as they are made, sent and heard, and how the rep takes it from them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from parley.buyer.protocol import Buyer, EndReason, RepTurn
from parley.voice.contracts import Utterance
from parley.voice.frames import ClauseFrame, ReplyEndFrame
from parley.voice.keeper import Keeper
from parley.voice.page import Page
from parley.voice.recorder import Clock, Recorder
from parley.voice.transcript import Clause, Reply, Transcript

ANSWERED_TOO_SOON_S = 0.8
STILL_LONG_S = 5.0
HANG_UP_PAUSE_S = 0.4


class Floor:
    """The buyer's side of a call. `on_hang_up(reason)` is called when the buyer's last words have been heard."""

    def __init__(
        self,
        *,
        buyer: Buyer,
        clock: Clock,
        recorder: Recorder,
        transcript: Transcript,
        keeper: Keeper,
        page: Page,
        on_hang_up: Callable[[EndReason], None],
    ) -> None:
        self._buyer, self._clock, self._recorder = buyer, clock, recorder
        self._transcript, self._keeper, self._page = transcript, keeper, page
        self._on_hang_up = on_hang_up
        self._reply: Reply | None = None
        self._count = 0
        self._waits: set[asyncio.Task[None]] = set()
        self._marks: dict[str, float] = {}
        self.unanswered: tuple[RepTurn, int] | None = None
        """A turn of the rep whose reply was taken back, with the number of its utterance."""
        self.last_turn_i = 0
        self.free_since_s = clock.now()
        """When the buyer was last heard."""
        self.buyer_s = 0.0
        self.latencies_ms: list[float] = []

    # --- where things stand ---------------------------------------------------------------------------------------

    @property
    def buyer_is_speaking(self) -> bool:
        return self.buyer_remaining_s > 0

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
        made = reply.started_s + reply.made_s - self._clock.now() if reply.all_made else STILL_LONG_S
        return max(0.0, made, self._recorder.buyer_until - self._clock.now())

    @property
    def rep_may_go_on(self) -> bool:
        """The buyer has only just begun to answer: a rep who speaks now is going on, not interrupting.

        The opening is spoken whatever the rep does.
        """
        reply = self._reply
        if reply is None or reply.closed or (reply.turn is None and reply.id == 1):
            return False
        return reply.started_s is None or self._clock.now() - reply.started_s < ANSWERED_TOO_SOON_S

    # --- a reply, from the first word to the last -----------------------------------------------------------------

    def begin_reply(self, turn: RepTurn | None) -> int:
        """The buyer takes the floor. Returns the number of the reply."""
        if self._reply is not None and not self._reply.closed:
            self._close(self._reply, self._recorder.buyer_until, self._reply.text)
        self._count += 1
        self._reply = Reply(self._count, turn)
        if turn is not None:
            self._page.status("thinking")
        return self._count

    def clause_made(self, reply: int, seconds: float) -> None:
        """The mouth has made a piece of a reply, which waits to be sent."""
        if self._reply is not None and self._reply.id == reply:
            self._reply.made_s += seconds

    def reply_made(self, reply: int) -> None:
        """The mouth has made all of a reply."""
        if self._reply is not None and self._reply.id == reply:
            self._reply.all_made = True

    def clause_begins(self, frame: ClauseFrame) -> None:
        """The audio that is sent next says the clause of `frame`."""
        reply = self._reply
        if reply is None or reply.closed or reply.id != frame.reply:
            return
        if reply.i is None:
            reply.i = self._transcript.new_i()
        reply.clauses.append(Clause(frame.text, frame.seconds))
        reply.tags += [tag for tag in frame.tags if tag not in reply.tags]

    def buyer_heard(self, pcm: bytes) -> None:
        """Buyer audio (24 kHz) has just been sent: place it in the recording and take the time of its clause."""
        reply = self._reply
        if reply is None or reply.closed or reply.i is None:
            return
        start_s, end_s = self._recorder.buyer(pcm)
        self.buyer_s += end_s - start_s
        if reply.started_s is None:
            reply.started_s = start_s
            self._time_answer(reply.turn, start_s)
            self._page.status("speaking")
        if reply.clauses[-1].start_s is None:
            reply.clauses[-1].start_s = start_s
            self._page.caption(reply.i, "buyer", reply.text, final=False)

    def reply_sent(self, frame: ReplyEndFrame) -> None:
        """The last sample of a reply has been sent; a moment later it has been heard."""
        reply = self._reply
        if reply is None or reply.closed or reply.id != frame.reply:
            return
        reply.ends_call = frame.ends_call
        task = asyncio.create_task(self._heard_out(reply), name="call-heard-out")
        self._waits.add(task)
        task.add_done_callback(self._waits.discard)

    async def _heard_out(self, reply: Reply) -> None:
        await asyncio.sleep(max(0.0, self._recorder.buyer_until - self._clock.now()))
        if reply.closed:
            return
        self._close(reply, self._recorder.buyer_until, reply.text)
        self.unanswered = None
        if reply.ends_call is not None:
            await asyncio.sleep(HANG_UP_PAUSE_S)
            self._on_hang_up(reply.ends_call)

    def interrupt(self, at_s: float) -> bool:
        """Stop the buyer at `at_s`: what was sent but not heard counts as not said. Returns whether it lost the floor.

        A buyer who answered too soon has not lost it: that reply is taken back, and the turn it answered goes on.
        """
        reply = self._reply
        if reply is None or reply.closed:
            return False
        spoke, too_soon = reply.started_s is not None, self.rep_may_go_on
        heard = reply.text_heard(at_s)
        if spoke:
            self.buyer_s = max(0.0, self.buyer_s - max(0.0, self._recorder.buyer_until - at_s))
        self._recorder.cut_buyer(at_s)
        unheard = too_soon or not heard
        self._buyer.heard("" if unheard else heard)
        self._close(reply, at_s, heard)
        if unheard and reply.turn is not None:
            self.unanswered = (reply.turn, self.last_turn_i)
            if spoke:
                self.latencies_ms.pop()  # it was no answer after all
        return spoke and not too_soon

    def _close(self, reply: Reply, at_s: float, heard: str) -> None:
        """The reply is over at `at_s` and `heard` is what it came to."""
        reply.closed = True
        self.free_since_s = at_s
        self._page.status("listening")
        if reply.i is None or reply.started_s is None:
            return
        start_s, end_s = round(reply.started_s, 3), round(max(reply.started_s, at_s), 3)
        utterance = Utterance(
            i=reply.i,
            speaker="buyer",
            start=start_s,
            end=end_s,
            text=heard,
            heard_until=end_s,
            tags=list(reply.tags) or None,
        )
        self._transcript.put(utterance)
        if heard:
            self._keeper.utterance(utterance)
        self._page.said(utterance, final=True)

    # --- how long an answer takes ---------------------------------------------------------------------------------

    def forget_marks(self) -> None:
        """New words of the rep: the way to their answer is timed afresh."""
        self._marks = {}

    def mark(self, stage: str) -> None:
        """Note when the answer to the rep's last words passed a stage: pause, words, turn, buyer, voice."""
        self._marks.setdefault(stage, self._clock.now())

    def _time_answer(self, turn: RepTurn | None, start_s: float) -> None:
        """Voice to voice, and what each stage added to it, in ms."""
        if turn is None:
            return
        latency = round((start_s - turn.end_s) * 1000, 1)
        self.latencies_ms.append(latency)
        parts, before = {}, turn.end_s
        for stage, at in [*self._marks.items(), ("out", start_s)]:
            parts[stage] = round((at - before) * 1000, 1)
            before = at
        self._page.latency(latency, parts)
