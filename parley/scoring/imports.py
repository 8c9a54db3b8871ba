"""Calls from outside: transcripts as JSON or WebVTT, and stereo recordings, read and checked before they are scored."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from pydantic import ValidationError
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from parley.scoring.shapes import Transcript

Floats = npt.NDArray[np.float32]

RATE = 16_000
LONGEST_S = 2 * 3600
SOUND = {".wav", ".flac", ".mp3", ".ogg", ".aif", ".aiff"}
SILENT = 1e-3
"""Loudest sample below which a channel holds nothing (-60 dB)."""
REP_NAMES = {"rep", "agent", "seller", "advisor", "loan officer", "lo", "mlo"}
BUYER_NAMES = {"buyer", "customer", "borrower", "client", "caller", "prospect"}


class ImportRefused(Exception):
    """A file cannot be scored. The text says what is wrong with it and what to do."""


@dataclass(frozen=True, slots=True)
class StereoCall:
    """A recording as two channels, float32 mono at 16 000 Hz in -1..1."""

    rep: Floats
    buyer: Floats
    duration_s: float


def is_recording(path: Path) -> bool:
    """Is this file sound, by its ending?"""
    return path.suffix.lower() in SOUND


def read_transcript(path: Path) -> list[dict[str, Any]]:
    """The utterances of a JSON or WebVTT file, in order, with sentiment. Raises ImportRefused."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read ({error.strerror}); check the path and its permissions.") from None
    except UnicodeDecodeError:
        raise ImportRefused(
            f"{path} is neither text in UTF-8 nor a sound file; give JSON, WebVTT, WAV, FLAC or MP3."
        ) from None
    if not text.strip():
        raise ImportRefused(f"{path} is empty; give a transcript as JSON or WebVTT, or a recording.")
    utterances = _from_vtt(path, text) if text.lstrip().startswith("WEBVTT") else _from_json(path, text)
    if not any(re.search(r"\w", u["text"]) for u in utterances):
        raise ImportRefused(f"{path} holds no words; nothing can be scored.")
    return finish_transcript(utterances)


def finish_transcript(utterances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The utterances ordered by start, rep first, numbered from 0, each with its sentiment."""
    judge = SentimentIntensityAnalyzer()
    ordered = sorted(utterances, key=lambda u: (u["start"], u["speaker"] != "rep"))
    return [
        {"sentiment": round(judge.polarity_scores(u["text"])["compound"], 4), **u, "i": i}
        for i, u in enumerate(ordered)
    ]


def look_at_recording(sound: Path | BinaryIO, name: str, *, longest_s: float = LONGEST_S) -> float:
    """Seconds of a stereo recording, by its header alone. Raises ImportRefused with the name of the file."""
    try:
        about = soundfile.info(str(sound) if isinstance(sound, Path) else sound)
    except soundfile.LibsndfileError as error:
        raise ImportRefused(
            f"{name} cannot be read as sound ({error.error_string}); export it again as WAV, FLAC or MP3."
        ) from None
    if about.channels != 2:
        kind = "mono" if about.channels == 1 else f"a recording of {about.channels} channels"
        raise ImportRefused(
            f"{name} is {kind}; Parley needs stereo, the rep on the left and the buyer on the right. "
            "Export both sides of the call to one file with two channels."
        )
    if about.duration > longest_s:
        raise ImportRefused(f"{name} is {_clock(about.duration)} long; at most {_clock(longest_s)} can be scored.")
    return float(about.duration)


def read_recording(path: Path) -> StereoCall:
    """The two channels of a stereo recording, left rep, right buyer, at most two hours. Raises ImportRefused."""
    if not path.is_file():
        raise ImportRefused(f"{path} does not exist; check the path.")
    if path.stat().st_size == 0:
        raise ImportRefused(f"{path} is empty; record the call again or export it once more.")
    look_at_recording(path, str(path))
    try:
        return _checked(path, _at_16k(path))
    except soundfile.LibsndfileError as error:
        raise ImportRefused(
            f"{path} cannot be read as sound ({error.error_string}); export it again as WAV, FLAC or MP3."
        ) from None


def _at_16k(path: Path) -> Floats:
    """The samples at 16 000 Hz, read ten seconds at a time so that a long call at a high rate fits into memory."""
    with soundfile.SoundFile(str(path)) as sound:
        if sound.samplerate == RATE:
            whole: Floats = sound.read(dtype="float32", always_2d=True)
            return whole
        stream = soxr.ResampleStream(sound.samplerate, RATE, 2, dtype="float32")
        blocks = sound.blocks(blocksize=10 * sound.samplerate, dtype="float32", always_2d=True)
        pieces = [stream.resample_chunk(block) for block in blocks]
        pieces.append(stream.resample_chunk(np.zeros((0, 2), dtype=np.float32), last=True))
    return np.concatenate(pieces).astype(np.float32)


def _checked(path: Path, samples: Floats) -> StereoCall:
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    rep, buyer = np.ascontiguousarray(samples[:, 0]), np.ascontiguousarray(samples[:, 1])
    if len(samples) < RATE:
        raise ImportRefused(f"{path} is shorter than a second; nothing can be scored.")
    loud = {"left (rep)": np.abs(rep).max() >= SILENT, "right (buyer)": np.abs(buyer).max() >= SILENT}
    if not any(loud.values()):
        raise ImportRefused(f"{path} is silent on both channels; check what was recorded.")
    for name, is_loud in loud.items():
        if not is_loud:
            raise ImportRefused(f"{path} is silent on the {name} channel; both sides of the call must be recorded.")
    if np.allclose(rep, buyer, atol=1e-4):
        raise ImportRefused(
            f"{path} has the same sound on both channels, so nobody can tell who speaks; "
            "export the rep to the left and the buyer to the right."
        )
    return StereoCall(rep, buyer, len(samples) / RATE)


def _from_json(path: Path, text: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise ImportRefused(
            f"{path} is neither JSON{where} nor WebVTT; a WebVTT file begins with the word WEBVTT."
        ) from None
    if isinstance(data, dict):
        data = data.get("transcript", data.get("utterances"))
    try:
        utterances = Transcript.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"])
        more = f" ({error.error_count() - 1} more like it)" if error.error_count() > 1 else ""
        message = first["msg"].removeprefix("Value error, ")
        raise ImportRefused(
            f"{path}: transcript{where}: {message}{more}; docs/reference/schemas/transcript.json says how it looks."
        ) from None
    return [{"source": "import", **u.model_dump(exclude_none=True, exclude_unset=True)} for u in utterances]


_CUE = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})\s+-->\s+((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]+)*\s+([^>]+)>(.*?)(?=<v[\s.]|</v>|\Z)", re.DOTALL)


def _from_vtt(path: Path, text: str) -> list[dict[str, Any]]:
    cues = list(_CUE.finditer(text))
    if not cues:
        raise ImportRefused(
            f"{path} is WebVTT without a single cue; each needs a line such as 00:01.000 --> 00:04.000."
        )
    found = []
    for n, cue in enumerate(cues):
        body = text[cue.end() : cues[n + 1].start() if n + 1 < len(cues) else len(text)]
        body = body.split("\n", 1)[1] if "\n" in body else ""
        body = body.split("\n\n", 1)[0]
        start, end = _seconds(cue[1]), _seconds(cue[2])
        if end < start:
            raise ImportRefused(f"{path}: the cue at {cue[1]} ends before it starts.")
        found += _voices(path, cue[1], body, start, end)
    return found


def _voices(path: Path, at: str, body: str, start: float, end: float) -> list[dict[str, Any]]:
    """The speakers of one cue; several share its time by the length of their words."""
    spoken = [(_speaker(path, at, m[1]), _without_tags(m[2])) for m in _VOICE.finditer(body)]
    spoken = [(speaker, words) for speaker, words in spoken if words]
    if not spoken and _without_tags(body):
        raise ImportRefused(f"{path}: the cue at {at} does not say who speaks; begin it with <v Rep> or <v Buyer>.")
    total, clock, found = sum(len(words) for _, words in spoken), start, []
    for speaker, words in spoken:
        until = clock + (end - start) * len(words) / total
        times = {"start": round(clock, 3), "end": round(until, 3)}
        found.append({"speaker": speaker, **times, "text": words, "source": "import"})
        clock = until
    return found


def _speaker(path: Path, at: str, name: str) -> str:
    plain = name.strip().lower()
    if plain in REP_NAMES:
        return "rep"
    if plain in BUYER_NAMES:
        return "buyer"
    raise ImportRefused(f"{path}: the cue at {at} is spoken by {name.strip()!r}; use <v Rep> and <v Buyer>.")


def _without_tags(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def _seconds(stamp: str) -> float:
    whole, _, rest = stamp.replace(",", ".").rpartition(":")
    parts = [int(part) for part in whole.split(":")]
    hours, minutes = parts if len(parts) == 2 else (0, parts[0])
    return hours * 3600 + minutes * 60 + float(rest)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600}:{int(seconds) % 3600 // 60:02d}:{int(seconds) % 60:02d}"
