# The textbook Pipecat voice bot, stock services: `python textbook_bot.py PORT WHISPER_DIR PIPER_DIR VOICE`.
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, WebSocket
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

app, (port, whisper, voices, voice) = FastAPI(), sys.argv[1:5]


@app.websocket("/ws")
async def call(websocket: WebSocket):
    async def answer(*_):
        await worker.queue_frame(TTSSpeakFrame("Well, let me think about that for a moment."))

    await websocket.accept()
    audio = {"audio_in_enabled": True, "audio_out_enabled": True, "serializer": ProtobufFrameSerializer()}
    transport = FastAPIWebsocketTransport(websocket, FastAPIWebsocketParams(**audio))
    users = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    user, assistant = LLMContextAggregatorPair(LLMContext(), user_params=users)
    user.add_event_handler("on_user_turn_stopped", answer)
    stt = WhisperSTTService(compute_type="int8", settings=WhisperSTTService.Settings(model=whisper))
    tts = PiperTTSService(download_dir=Path(voices), settings=PiperTTSService.Settings(voice=voice))
    worker = PipelineWorker(Pipeline([transport.input(), stt, user, tts, transport.output(), assistant]))
    await WorkerRunner().run(worker)


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
