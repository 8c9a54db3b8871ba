"""How well filled pauses (um, uh, er, erm) are heard, and words beside them, before and after.

    .venv/bin/python benchmarks/bench_fillers.py --json

`before` is faster-whisper as its README has it, `after` the product's transcript of record, on the same audio and the
same Whisper tiny.en (int8). What is reported comes from voices and texts on which nothing was tuned; `--tuned` shows
the other half. Needs espeak-ng. Results are kept under var/hearing: a second run is quick, a stopped one goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faster_whisper import WhisperModel

from benchmarks.hearing import texts, voices
from benchmarks.hearing.kept import kept
from benchmarks.hearing.measure import Counts, compare, total
from benchmarks.hearing.product import hear, load_whisper
from benchmarks.hearing.voices import Floats, Speaker

CONDITIONS: dict[str, float | None] = {"clean": None, "20 dB": 20.0, "10 dB": 10.0}
BANDS = (0.0, 0.6, 0.7, 0.8, 0.85, 1.01)


class Clip(NamedTuple):
    """One text, spoken once."""

    speaker: Speaker
    condition: str
    text: str
    fluent: bool
    audio: Floats


class Outcome(NamedTuple):
    """What became of one clip."""

    clip: Clip
    before: Counts
    after: Counts
    confidence: float


def main() -> None:
    """Speak, recognise twice, count, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tuned", action="store_true", help="the half that was tuned on")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    half, speakers = (texts.TUNED, voices.TUNED) if asked.tuned else (texts.HELD_OUT, voices.HELD_OUT)
    outcomes = measure(half, speakers)
    found = {
        "half": "tuned" if asked.tuned else "held out",
        "cores": os.cpu_count(),
        "clips": len(outcomes),
        "before": {**report(outcomes, "before")},
        "after": {**report(outcomes, "after"), "wer_by_confidence": by_confidence(outcomes)},
    }
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(half: texts.Half, speakers: tuple[Speaker, ...]) -> list[Outcome]:
    """All clips of a half, recognised by both."""
    model = load_whisper()
    outcomes = []
    for clip in clips(half, speakers):
        before = kept("textbook", clip.audio, partial(textbook, model, clip.audio))
        text, confidence = kept("product", clip.audio, partial(ours, model, clip.audio))
        outcomes.append(Outcome(clip, compare(clip.text, before), compare(clip.text, text), confidence))
    return outcomes


def clips(half: texts.Half, speakers: tuple[Speaker, ...]) -> Iterator[Clip]:
    """Every text by every speaker in every condition; the babble is made of the other speakers of the half."""
    for speaker in speakers:
        others = [voices.speak(other, text) for other in speakers if other != speaker for text in half.fluent[:6]]
        for number, text in enumerate(half.texts):
            clean = voices.speak(speaker, text)
            for name, snr_db in CONDITIONS.items():
                audio = clean if snr_db is None else voices.with_noise(clean, others, snr_db, number)
                yield Clip(speaker, name, text, text in half.fluent, audio)


def textbook(model: WhisperModel, audio: Floats) -> str:
    """The library's own recipe."""
    segments, _ = model.transcribe(audio, language="en", beam_size=5)
    return " ".join(segment.text.strip() for segment in segments)


def ours(model: WhisperModel, audio: Floats) -> tuple[str, float]:
    """Text of record and its confidence."""
    record = hear(model, audio)
    confidence = record.utterance.confidence if record.utterance else None
    return record.text, confidence or 0.0


def report(outcomes: list[Outcome], which: str) -> dict[str, Any]:
    """Rates over all, and by noise, voice and kind of text."""
    groups: dict[str, dict[str, list[Counts]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        counts: Counts = getattr(outcome, which)
        groups["by_noise"][outcome.clip.condition].append(counts)
        groups["by_voice"][outcome.clip.speaker.name].append(counts)
        groups["by_text"]["fluent" if outcome.clip.fluent else "with fillers"].append(counts)
    everything = total(getattr(outcome, which) for outcome in outcomes).rates()
    return everything | {
        group: {name: total(found).rates() for name, found in parts.items()} for group, parts in groups.items()
    }


def by_confidence(outcomes: list[Outcome]) -> dict[str, float | int | None]:
    """Word error rate of the clips in each band of confidence."""
    return {
        f"{low:g}-{min(1, high):g}": total(o.after for o in outcomes if low <= o.confidence < high).rates()["wer"]
        for low, high in pairwise(BANDS)
    }


if __name__ == "__main__":
    main()
