"""Whether a phrase that was said once is written once, and one that was said twice, twice.

    .venv/bin/python benchmarks/bench_repeats.py --json

Speech cut anywhere makes Whisper's decoder begin again. Of `fragments` cut out of the held-out texts and voices
`looped.decoder` made it write something twice; `looped.record` are left in the careful pass. `doubled` counts phrases
that were really said twice, `kept` those that the careful pass writes twice. Needs espeak-ng.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from faster_whisper import WhisperModel

from benchmarks.hearing import texts, voices
from benchmarks.hearing.kept import kept
from benchmarks.hearing.measure import plain_words
from benchmarks.hearing.product import load_whisper
from benchmarks.hearing.voices import RATE, Floats
from parley.voice import whisper
from parley.voice.repeats import collapse_repeats, repeats_itself
from parley.voice.whisper import transcribe_carefully

FRAGMENTS = 60
DOUBLES = {
    "No. No, I do not think so.": "no",
    "Thank you. Thank you so much for your time.": "thank you",
    "Wait, wait, let me finish.": "wait",
    "How long? How long do you plan to stay?": "how long",
    "I see. I see what you mean.": "i see",
    "Let me check. Let me check that for you.": "let me check",
}


def main() -> None:
    """Cut, recognise, count, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    model = load_whisper()
    pairs = [kept("fragment", audio, partial(_both, model, audio)) for audio in fragments()]
    said = list(doubles(model))
    found = {
        "cores": os.cpu_count(),
        "fragments": len(pairs),
        "looped": {
            "decoder": sum(repeats_itself(written) for written, _ in pairs),
            "record": sum(repeats_itself(text) for _, text in pairs),
        },
        "doubled": len(said),
        "kept": sum(said),
    }
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def fragments() -> Iterator[Floats]:
    """Half a second to three seconds out of a sentence, between silences of chance length."""
    chance = np.random.default_rng(5)
    for number in range(FRAGMENTS):
        speaker = voices.HELD_OUT[number % len(voices.HELD_OUT)]
        audio = voices.speak(speaker, texts.HELD_OUT.texts[int(chance.integers(len(texts.HELD_OUT.texts)))])
        length = int(chance.uniform(0.5, 3.2) * RATE)
        begin = int(chance.uniform(0, max(1, len(audio) - length)))
        silences = [chance.normal(0, 0.0006, int(chance.uniform(0.05, 0.8) * RATE)) for _ in range(2)]
        yield np.concatenate([silences[0], audio[begin : begin + length], silences[1]]).astype(np.float32)


def _both(model: WhisperModel, audio: Floats) -> tuple[str, str]:
    """What the decoder wrote at first, and the text of record."""
    written: list[str] = []

    def note(text: str, seconds: float) -> str:
        written.append(text)
        return collapse_repeats(text, seconds)

    with mock.patch.object(whisper, "collapse_repeats", note):
        text = transcribe_carefully(model, audio).text
    return written[0], text


def _careful(model: WhisperModel, audio: Floats) -> str:
    return transcribe_carefully(model, audio).text


def doubles(model: WhisperModel) -> Iterator[bool]:
    """Whether each phrase that was said twice is written twice."""
    for speaker in voices.HELD_OUT:
        for text, phrase in DOUBLES.items():
            audio = voices.speak(speaker, text)
            heard = kept("double", audio, partial(_careful, model, audio))
            yield " ".join(plain_words(heard)).count(phrase) >= 2


if __name__ == "__main__":
    main()
