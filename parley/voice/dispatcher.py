"""Between ears and mouth: hands a turn to the buyer and the buyer's sentences to the mouth as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import structlog
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from parley.buyer.protocol import ReplyPart, RepTurn
from parley.voice.frames import BuyerLinesFrame, ReplyEndFrame, RepTurnFrame, SayFrame

if TYPE_CHECKING:
    from parley.voice.session import LiveCall

log = structlog.get_logger(__name__)
LOST_FOR_WORDS = ReplyPart("Sorry, I lost my thread there. Could you say that again?", ("fallback",))


class Dispatcher(FrameProcessor):
    """The buyer's place in the pipeline. An interruption cancels a reply that is still being composed."""

    def __init__(self, call: LiveCall) -> None:
        super().__init__()
        self._call = call

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, RepTurnFrame):
            await self._say(self._call.floor.begin_reply(frame.turn), self._answer(frame.turn))
        elif isinstance(frame, BuyerLinesFrame):
            await self._say(self._call.floor.begin_reply(None), _each(frame.parts))
        else:
            await self.push_frame(frame, direction)

    async def _answer(self, turn: RepTurn) -> AsyncIterator[ReplyPart]:
        try:
            async for part in self._call.buyer.reply(turn):
                yield part
        except Exception as error:
            log.exception("The buyer failed to answer")
            self._call.note(f"The buyer failed to answer at {turn.end_s:.1f} s: {error!r}.")
            yield LOST_FOR_WORDS

    async def _say(self, reply: int, parts: AsyncIterator[ReplyPart]) -> None:
        ends_call = None
        async for part in parts:
            ends_call = part.ends_call or ends_call
            self._call.floor.mark("buyer")
            if part.text.strip():
                await self.push_frame(SayFrame(reply, part))
        await self.push_frame(ReplyEndFrame(reply, ends_call))


async def _each(parts: list[ReplyPart]) -> AsyncIterator[ReplyPart]:
    for part in parts:
        yield part
