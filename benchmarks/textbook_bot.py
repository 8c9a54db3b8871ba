"""The textbook Pipecat voice bot, stock services: `python textbook_bot.py PORT WHISPER_DIR PIPER_DIR VOICE`."""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, WebSocket
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import LLMContextFrame, TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

AUDIO = {"audio_in_enabled": True, "audio_out_enabled": True, "serializer": ProtobufFrameSerializer()}
app, (port, whisper, voices, voice) = FastAPI(), sys.argv[1:5]


class FixedAnswer(FrameProcessor):
    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        answer = TTSSpeakFrame("Well, let me think about that for a moment.")
        await self.push_frame(answer if isinstance(frame, LLMContextFrame) else frame, direction)


@app.websocket("/ws")
async def call(websocket: WebSocket):
    await websocket.accept()
    transport, runner = FastAPIWebsocketTransport(websocket, FastAPIWebsocketParams(**AUDIO)), WorkerRunner()
    users = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    user, assistant = LLMContextAggregatorPair(LLMContext(), user_params=users)
    stt = WhisperSTTService(compute_type="int8", settings=WhisperSTTService.Settings(model=whisper))
    tts = PiperTTSService(download_dir=Path(voices), settings=PiperTTSService.Settings(voice=voice))
    bot = Pipeline([transport.input(), stt, user, FixedAnswer(), tts, transport.output(), assistant])
    await runner.add_workers(PipelineWorker(bot))
    await runner.run()


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
