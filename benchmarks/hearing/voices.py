"""Speakers for the benchmarks of hearing: espeak-ng (must be installed) and Piper, shaped as the product shapes it.

Audio is float32 mono at 16 000 Hz. What was spoken once is kept under `var/hearing`.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from piper import PiperVoice

from parley.buyer.brief import VoiceStyle

Floats = npt.NDArray[np.float32]
RATE = 16_000
KEPT = Path(__file__).resolve().parents[2] / "var" / "hearing"
SILENCE_S = 0.25
"""Before and after everything that is spoken."""
LEVEL = 0.05
"""Root mean square of the speech, a usual microphone's."""
DRAWN = {"um": "[[V:m]]", "uh": "[[V:]]", "er": "[[3::]]", "erm": "[[3:m]]"}


AS_IT_IS = VoiceStyle()


@dataclass(frozen=True)
class Speaker:
    """`drawn`: espeak-ng stretches the fillers, as people do, instead of speaking them like a short word."""

    name: str
    espeak: str | None = None
    words_per_minute: int = 160
    style: VoiceStyle = AS_IT_IS
    drawn: bool = False


TUNED = (
    Speaker("us-man", "en-us+m3", 155),
    Speaker("gb-woman", "en-gb+f2", 165, drawn=True),
    Speaker("caribbean-man", "en-029+m5", 150),
    Speaker("piper-man"),
)
HELD_OUT = (
    Speaker("us-woman", "en-us+f4", 170, drawn=True),
    Speaker("scottish-man", "en-gb-scotland+m7", 160),
    Speaker("rp-woman", "en-gb-x-rp+f3", 145, drawn=True),
    Speaker("piper-woman", style=VoiceStyle(pitch=1.75, formants=1.16)),
)


def speak(speaker: Speaker, text: str) -> Floats:
    """`text` in the speaker's voice between two short silences."""
    key = hashlib.sha256(f"2 {speaker} {text}".encode()).hexdigest()[:20]
    path = KEPT / f"{key}.flac"
    if not path.exists():
        said = _drawn(text) if speaker.drawn else text
        audio = _espeak(speaker, said) if speaker.espeak else _piper(speaker.style, said)
        audio = audio * (LEVEL / float(np.sqrt(np.square(audio).mean())))
        audio = np.clip(np.pad(audio, int(SILENCE_S * RATE)), -1, 1)
        KEPT.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, audio, RATE, subtype="PCM_16")
    kept, _ = soundfile.read(path, dtype="float32")
    return np.asarray(kept, dtype=np.float32)


def _drawn(text: str) -> str:
    return re.sub(r"\b(um|uh|erm|er)\b", lambda m: DRAWN[m.group(1).lower()], text, flags=re.IGNORECASE)


def _espeak(speaker: Speaker, text: str) -> Floats:
    command = ["espeak-ng", "-v", str(speaker.espeak), "-s", str(speaker.words_per_minute), "--stdout", text]
    audio, rate = soundfile.read(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
    return np.asarray(soxr.resample(audio.astype(np.float32), rate, RATE), dtype=np.float32)


@lru_cache(maxsize=1)
def _voice() -> PiperVoice:
    from parley.voice.model_files import place_of
    from parley.voice.models import load_piper
    from parley.voice.settings import VoiceSettings

    return load_piper(place_of("piper", VoiceSettings(data_dir=Path("/nowhere"))), 1)


def _piper(style: VoiceStyle, text: str) -> Floats:
    from parley.voice.speech import RATE_OUT, render

    pcm = np.frombuffer(render(_voice(), text, style), "<i2").astype(np.float32) / 32768
    return np.asarray(soxr.resample(pcm, RATE_OUT, RATE), dtype=np.float32)


def with_noise(audio: Floats, others: list[Floats], snr_db: float, seed: int) -> Floats:
    """The speech in a room where eight others talk at once, made of `others`, `snr_db` below it.

    Each talker is cut to a random place and half of them are played backwards, so that no word of theirs is heard.
    """
    rng = np.random.default_rng(seed)
    babble = np.zeros(len(audio), dtype=np.float64)
    for number in range(8):
        pieces = [others[int(k)] for k in rng.integers(0, len(others), 6)]
        talk = np.concatenate([p[:: -1 if number % 2 else 1] for p in pieces])
        at = int(rng.integers(0, len(talk)))
        babble += np.resize(np.roll(talk, at), len(audio))
    room = babble * (LEVEL / float(np.sqrt(np.square(babble).mean()))) * 10 ** (-snr_db / 20)
    return np.clip(audio + room, -1, 1).astype(np.float32)
