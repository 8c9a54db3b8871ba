"""Who turns speech into words: the local Whisper or a cloud recogniser, behind one small interface."""

from __future__ import annotations

import asyncio
from typing import Protocol

import numpy as np
import numpy.typing as npt

from parley.voice.models import VoiceModels
from parley.voice.whisper import Heard, transcribe_carefully, transcribe_short

Floats = npt.NDArray[np.float32]


class Recogniser(Protocol):
    """Recognises stretches of speech of at most 30 s: float32 mono at 16 000 Hz."""

    name: str

    async def quick(self, audio: Floats) -> Heard:
        """Words for the live call, as fast as possible."""
        ...

    async def careful(self, audio: Floats) -> Heard:
        """Words with times for the transcript of record, fillers kept."""
        ...


class WhisperRecogniser:
    """faster-whisper in this process, on the models that all calls share."""

    def __init__(self, models: VoiceModels) -> None:
        self._models = models
        self.name = models.names["whisper"]

    async def quick(self, audio: Floats) -> Heard:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._models.ears_pool, transcribe_short, self._models.whisper, audio)

    async def careful(self, audio: Floats) -> Heard:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._models.ears_pool, transcribe_carefully, self._models.whisper, audio)


def floats(pcm: bytes | bytearray) -> Floats:
    """16-bit PCM as float32 in -1..1."""
    return np.frombuffer(bytes(pcm), dtype="<i2").astype(np.float32) / np.float32(32768)
