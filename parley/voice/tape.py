"""Behind the loudspeaker: notes what was really sent, when, for the recording, the transcript and the captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipecat.frames.frames import Frame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from parley.voice.frames import ClauseFrame, ReplyEndFrame

if TYPE_CHECKING:
    from parley.voice.session import LiveCall


class Tape(FrameProcessor):
    """Stands after `transport.output()`, which passes each frame on when the audio before it has gone out."""

    def __init__(self, call: LiveCall) -> None:
        super().__init__()
        self._call = call

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, ClauseFrame):
            self._call.floor.clause_begins(frame)
        elif isinstance(frame, TTSAudioRawFrame):
            self._call.floor.buyer_heard(frame.audio)
        elif isinstance(frame, ReplyEndFrame):
            self._call.floor.reply_sent(frame)
        else:
            await self.push_frame(frame, direction)
