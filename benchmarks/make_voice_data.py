"""Make the recorded turns of the voice benchmark and tests: `python benchmarks/make_voice_data.py` (needs espeak-ng).

Three voices: espeak-ng's m3 and f3, and Piper shifted to a woman's pitch and formants. The results are committed, so
only whoever changes a text runs this.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DATA = ROOT / "benchmarks" / "data"
RATE = 16_000
TURNS = [
    ("m3", "Hi Marcus, this is Dana from Lakeside Mortgage. How are you today?"),
    ("f3", "What matters most to you about the new loan?"),
    ("piper", "How long do you plan to stay in the house?"),
    ("m3", "I understand. What rate were you quoted, and did it come with points?"),
    ("f3", "Um, so your payment would go down by about two hundred dollars a month."),
    ("piper", "Let me make sure that I understand. You want a payment that does not change."),
    ("m3", "What would have to happen for this to be an easy decision?"),
    ("f3", "The annual percentage rate includes the closing costs."),
    ("piper", "Who else is part of this decision?"),
    ("m3", "That makes sense. Have you compared the loan estimates side by side?"),
    ("f3", "Would you like to start the application today?"),
    ("piper", "Great. I will call you tomorrow at ten in the morning."),
]
EXTRA = {
    "over": ("m3", "Sorry, can I stop you there for a second? I have a question about your current loan."),
    "yes": ("m3", "Yes."),
    "fillers": ("m3", "Uh, so, um, the rate is, um, six and a half percent."),
    "bye": ("m3", "Thank you for your time. Goodbye."),
}


def espeak(voice: str, text: str) -> np.ndarray:
    """float32 at 16 000 Hz."""
    wav = subprocess.run(
        ["espeak-ng", "-v", f"en-us+{voice}", "-s", "155", "--stdout", text], capture_output=True, check=True
    ).stdout
    audio, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    return np.asarray(soxr.resample(audio, rate, RATE), dtype=np.float32)


def piper(text: str) -> np.ndarray:
    """float32 at 16 000 Hz: the bundled voice, pitch and formants raised."""
    from parley.buyer.brief import VoiceStyle
    from parley.voice.model_files import place_of
    from parley.voice.models import load_piper
    from parley.voice.settings import VoiceSettings
    from parley.voice.speech import RATE_OUT, render

    voice = load_piper(place_of("piper", VoiceSettings(data_dir=Path("/nowhere"))), 2)
    pcm = render(voice, text, VoiceStyle(pitch=1.75, formants=1.16))
    return np.asarray(soxr.resample(np.frombuffer(pcm, "<i2").astype(np.float32) / 32768, RATE_OUT, RATE))


def keep(name: str, voice: str, text: str) -> None:
    audio = piper(text) if voice == "piper" else espeak(voice, text)
    audio = audio * (0.5 / float(np.abs(audio).max()))
    noise = np.random.default_rng(7).normal(0, 0.0006, len(audio))
    DATA.mkdir(exist_ok=True)
    soundfile.write(DATA / f"{name}.flac", (audio + noise).astype(np.float32), RATE, subtype="PCM_16")
    (DATA / f"{name}.txt").write_text(text + "\n")


if __name__ == "__main__":
    for number, (voice, text) in enumerate(TURNS, 1):
        keep(f"turn{number:02d}-{voice}", voice, text)
    for name, (voice, text) in EXTRA.items():
        keep(name, voice, text)
