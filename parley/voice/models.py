"""The speech models, verified, loaded and warmed once per process and shared by every call."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
from faster_whisper import WhisperModel
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from piper import PiperVoice
from piper.config import PiperConfig

from parley.voice.model_files import ModelFile, ModelPlace, inventory, place_of, verify
from parley.voice.settings import VoiceSettings

__all__ = ["ModelFile", "VoiceModels", "inventory"]

SAMPLE_RATE_IN = 16_000
SAMPLE_RATE_OUT = 24_000
Floats = npt.NDArray[np.float32]
NOISE_SEED = 1


def load_piper(place: ModelPlace, threads: int) -> PiperVoice:
    """A Piper voice whose threads sleep when idle: spinning ones steal the core from recognition.

    Its noise begins at the same seed, so that a voice just loaded says the same sentences with the same sound.
    """
    import json

    onnx = next(name for name in place.hashes if name.endswith(".onnx"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    onnxruntime.set_seed(NOISE_SEED)
    session = onnxruntime.InferenceSession(str(place.folder / onnx), options, providers=["CPUExecutionProvider"])
    config = json.loads((place.folder / f"{onnx}.json").read_text(encoding="utf-8"))
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


@dataclass
class VoiceModels:
    """One set of models for a process. Inference runs on `ears_pool` and `mouth_pool`, never on the event loop."""

    settings: VoiceSettings
    whisper: WhisperModel
    piper: PiperVoice
    smart_turn: LocalSmartTurnAnalyzerV3
    names: dict[str, str]
    piper_hash: str
    ears_pool: ThreadPoolExecutor
    mouth_pool: ThreadPoolExecutor
    _quiet_piper: PiperVoice | None = None
    _lock: Any = None

    @classmethod
    def load(cls, settings: VoiceSettings) -> VoiceModels:
        """Verify, load and warm everything; about two seconds. Raises ModelError."""
        whisper_place, piper_place = place_of("whisper", settings), place_of("piper", settings)
        files = [*verify(whisper_place), *verify(piper_place)]
        for role in ("silero", "smart_turn"):
            files += verify(place_of(role, settings))
        weights = {f.role: f for f in files if f.path.suffix in {".bin", ".onnx"}}
        models = cls(
            settings=settings,
            whisper=WhisperModel(
                str(whisper_place.folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=settings.threads,
                num_workers=2,
                local_files_only=True,
            ),
            piper=load_piper(piper_place, settings.threads),
            smart_turn=LocalSmartTurnAnalyzerV3(sample_rate=SAMPLE_RATE_IN, cpu_count=settings.threads),
            names={role: f"{file.model} sha256:{file.sha256}" for role, file in weights.items()},
            piper_hash=weights["piper"].sha256,
            ears_pool=ThreadPoolExecutor(max_workers=4, thread_name_prefix="ears"),
            mouth_pool=ThreadPoolExecutor(max_workers=2, thread_name_prefix="mouth"),
            _lock=threading.Lock(),
        )
        models._warm()
        return models

    def _warm(self) -> None:
        """Run each model once, so that the first caller does not pay for lazy allocation."""
        from parley.voice.whisper import transcribe_short

        self.smart_turn.set_sample_rate(SAMPLE_RATE_IN)
        second = np.zeros(SAMPLE_RATE_IN, dtype=np.float32)
        transcribe_short(self.whisper, second)
        list(self.piper.synthesize("Hello."))
        self.end_of_turn(second)

    def end_of_turn(self, audio: Floats) -> float:
        """Probability 0..1 that the speaker of `audio` (16 kHz, its last 8 s count) has finished. About 80 ms."""
        return float(self.smart_turn._predict_endpoint(audio)["probability"])

    def new_vad(self) -> SileroVADAnalyzer:
        """A voice activity detector for one connection: 0.2 s to start, 0.2 s to stop, quiet microphones included."""
        vad = SileroVADAnalyzer(
            sample_rate=SAMPLE_RATE_IN, params=VADParams(confidence=0.7, start_secs=0.2, stop_secs=0.2, min_volume=0.3)
        )
        vad.set_sample_rate(SAMPLE_RATE_IN)
        return vad

    def quiet_piper(self) -> PiperVoice:
        """A second, single-threaded copy of the voice for rendering ahead in a low-priority thread."""
        with self._lock:
            if self._quiet_piper is None:
                self._quiet_piper = load_piper(place_of("piper", self.settings), threads=1)
            return self._quiet_piper

    def close(self) -> None:
        self.ears_pool.shutdown(wait=False, cancel_futures=True)
        self.mouth_pool.shutdown(wait=False, cancel_futures=True)
