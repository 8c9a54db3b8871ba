"""Audio through the product's own hearing: Silero's stretches, quick words, careful pass, utterance of record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams, VADState

from benchmarks.hearing.voices import RATE, Floats
from parley.voice.careful import passages, utterance_of_record
from parley.voice.contracts import Utterance
from parley.voice.ears import BEFORE_SPEECH_S, VAD_START_S, VAD_STOP_S, Stretch
from parley.voice.levels import onset_s
from parley.voice.model_files import place_of
from parley.voice.recognise import floats
from parley.voice.settings import VoiceSettings
from parley.voice.whisper import transcribe_carefully, transcribe_short

BYTES_PER_S = RATE * 2
PIECE = RATE // 50 * 2
"""20 ms of audio, what a browser sends at a time."""
SILENCE_AFTER_S = 0.8


def load_whisper() -> WhisperModel:
    """The pinned tiny.en (int8) on one thread."""
    place = place_of("whisper", VoiceSettings(data_dir=Path("/nowhere")))
    return WhisperModel(str(place.folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)


@dataclass(frozen=True)
class Record:
    """What the transcript of record holds of one turn; `utterance` is none when no words were heard."""

    utterance: Utterance | None

    @property
    def text(self) -> str:
        return self.utterance.text if self.utterance else ""


def hear(model: WhisperModel, audio: Floats) -> Record:
    """One turn of the rep as a call would keep it. Times are seconds from the start of `audio`."""
    tail = np.random.default_rng(1).normal(0, 0.0005, int(SILENCE_AFTER_S * RATE)).astype(np.float32)
    pcm = (np.concatenate([audio, tail]) * 32767).clip(-32768, 32767).astype("<i2").tobytes()
    stretches = _stretches(pcm)
    for stretch in stretches:
        stretch.text = transcribe_short(model, floats(stretch.pcm)).text
    worded = [s for s in stretches if s.text]
    if not worded:
        return Record(None)
    joined = passages(worded)
    return Record(utterance_of_record(0, joined, [transcribe_carefully(model, floats(p.pcm)) for p in joined]))


def _stretches(pcm: bytes) -> list[Stretch]:
    """Cut as `Ears` cuts a turn: a stretch ends after 0.2 s of silence and begins with up to 1 s from before it."""
    vad = SileroVADAnalyzer(
        sample_rate=RATE, params=VADParams(confidence=0.7, start_secs=0.2, stop_secs=0.2, min_volume=0.3)
    )
    vad.set_sample_rate(RATE)
    before, found, stretch, at_s = bytearray(), list[Stretch](), None, 0.0
    for begin in range(0, len(pcm), PIECE):
        piece = pcm[begin : begin + PIECE]
        at_s += len(piece) / BYTES_PER_S
        state = vad._run_analyzer(piece)
        if stretch is None:
            before = (before + piece)[-int(BEFORE_SPEECH_S * BYTES_PER_S) :]
            if state is VADState.SPEAKING:
                start_s = max(0.0, at_s - VAD_START_S - 0.03)
                stretch, before = Stretch(start_s, at_s - len(before) / BYTES_PER_S, before), bytearray()
        else:
            stretch.pcm += piece
            if state is VADState.QUIET:
                found.append(_ended(stretch, at_s - VAD_STOP_S))
                stretch = None
    return [*found, _ended(stretch, at_s)] if stretch else found


def _ended(stretch: Stretch, end_s: float) -> Stretch:
    stretch.end_s = max(stretch.start_s + 0.05, end_s)
    stretch.start_s = min(stretch.start_s, stretch.pcm_from_s + onset_s(floats(stretch.pcm)))
    return stretch
