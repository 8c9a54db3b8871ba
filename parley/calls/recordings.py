"""Recordings and transcripts as files: segments while the call runs, one FLAC and two transcript files at its end."""

from __future__ import annotations

import io
import json
import re
import tempfile
from typing import Any
from uuid import UUID

import numpy as np
import soundfile as sf
from django.core.files.base import ContentFile, File

from parley.calls.models import Attempt
from parley.core.storage import bucket

SAMPLE_RATE = 16_000
CHANNELS = 2
_FRAME = CHANNELS * 2
_PEAKS = 1_200


def keep_segment(attempt_id: UUID, index: int, start_s: float, pcm: bytes) -> None:
    """Keep up to 10 s of sound: 16-bit interleaved stereo PCM at 16 000 Hz, left rep, right buyer."""
    bucket("tmp").save(f"{_folder(attempt_id)}/{index:06d}-{round(start_s * SAMPLE_RATE)}.pcm", ContentFile(pcm))


def recorded_s(attempt_id: UUID) -> float:
    """Until when segments were kept, in seconds from call start."""
    ends = [start + bucket("tmp").size(path) // _FRAME for start, path in _segments(attempt_id)]
    return max(ends, default=0) / SAMPLE_RATE


def next_segment(attempt_id: UUID) -> int:
    """The index that the next segment of a call that is taken over should have."""
    return max((int(path.rsplit("/", 1)[1].split("-")[0]) for _, path in _segments(attempt_id)), default=-1) + 1


def assemble(attempt: Attempt) -> dict[str, Any] | None:
    """Join the kept segments into one FLAC in the `recordings` bucket; None when nothing was recorded.

    Returns the columns of the `attempt_recordings` row. Gaps between segments (a server that died) become silence.
    """
    segments = _segments(attempt.pk)
    if not segments:
        return None
    path = f"{attempt.org_id}/{attempt.pk}.flac"
    with tempfile.TemporaryFile() as flac:
        at, peaks = 0, _Peaks()
        with sf.SoundFile(flac, "w", SAMPLE_RATE, CHANNELS, "PCM_16", format="FLAC") as out:
            for start, name in segments:
                with bucket("tmp").open(name, "rb") as file:
                    data = file.read()
                samples = np.frombuffer(data[: len(data) // _FRAME * _FRAME], dtype="<i2").reshape(-1, CHANNELS)
                samples = samples[max(0, at - start) :]
                if start > at:
                    gap = np.zeros((start - at, CHANNELS), dtype=np.int16)
                    out.write(gap)
                    peaks.add(gap)
                    at = start
                out.write(samples)
                peaks.add(samples)
                at += len(samples)
        size = flac.seek(0, io.SEEK_END)
        flac.seek(0)
        bucket("recordings").save(path, File(flac))
    return {
        "path": path,
        "duration_s": at / SAMPLE_RATE,
        "channels": CHANNELS,
        "sample_rate": SAMPLE_RATE,
        "bytes": size,
        "peaks": peaks.shape(),
    }


def keep_whole(attempt: Attempt, samples: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Write a finished stereo recording (float32 in -1..1 at 16 000 Hz, left rep, right buyer) into `recordings`.

    Returns the columns of the `attempt_recordings` row.
    """
    path, peaks = f"{attempt.org_id}/{attempt.pk}.flac", _Peaks()
    with tempfile.TemporaryFile() as flac:
        with sf.SoundFile(flac, "w", SAMPLE_RATE, CHANNELS, "PCM_16", format="FLAC") as out:
            for at in range(0, len(samples), 10 * SAMPLE_RATE):
                piece = (np.clip(samples[at : at + 10 * SAMPLE_RATE], -1, 1) * 32767).astype(np.int16)
                out.write(piece)
                peaks.add(piece)
        size = flac.seek(0, io.SEEK_END)
        flac.seek(0)
        bucket("recordings").save(path, File(flac))
    return {
        "path": path,
        "duration_s": len(samples) / SAMPLE_RATE,
        "channels": CHANNELS,
        "sample_rate": SAMPLE_RATE,
        "bytes": size,
        "peaks": peaks.shape(),
    }


def transcript_path(attempt: Attempt) -> str:
    """Where the transcript's JSON stands in the `transcripts` bucket; its plain text stands beside it."""
    return f"{attempt.org_id}/{attempt.pk}.json"


def keep_transcript(attempt: Attempt, transcript: list[dict[str, Any]]) -> None:
    """Write the transcript as JSON and as plain text into the `transcripts` bucket."""
    path = transcript_path(attempt)
    lines = [f"[{_clock(u['start'])}] {'Rep' if u['speaker'] == 'rep' else 'Buyer'}: {u['text']}" for u in transcript]
    bucket("transcripts").save(path, ContentFile(json.dumps(transcript, ensure_ascii=False).encode()))
    bucket("transcripts").save(path.removesuffix("json") + "txt", ContentFile("\n".join(lines).encode()))


def drop_segments(attempt_id: UUID) -> None:
    """Delete the segments of a call whose recording is complete."""
    for _, path in _segments(attempt_id):
        bucket("tmp").delete(path)


def _segments(attempt_id: UUID) -> list[tuple[int, str]]:
    folder = _folder(attempt_id)
    try:
        names = bucket("tmp").listdir(folder)[1]
    except FileNotFoundError:
        return []
    found = [(int(match[1]), f"{folder}/{name}") for name in names if (match := re.fullmatch(r"\d+-(\d+)\.pcm", name))]
    return sorted(found)


def _folder(attempt_id: UUID) -> str:
    return f"calls/{attempt_id}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


class _Peaks:
    """The loudest sample of each tenth of a second per channel, thinned to what a waveform can show."""

    def __init__(self) -> None:
        self._rest = np.zeros((0, CHANNELS), dtype=np.int16)
        self._peaks: list[np.ndarray[Any, Any]] = []

    def add(self, samples: np.ndarray[Any, Any]) -> None:
        self._rest = np.concatenate([self._rest, samples])
        step = SAMPLE_RATE // 10
        whole = len(self._rest) // step * step
        if whole:
            blocks = np.abs(self._rest[:whole].astype(np.int32)).reshape(-1, step, CHANNELS).max(axis=1)
            self._peaks.append(blocks)
            self._rest = self._rest[whole:]

    def shape(self) -> list[list[float]]:
        """Two lists of values 0..1, rep then buyer."""
        if not self._peaks:
            return [[], []]
        peaks = np.concatenate(self._peaks) / 32768
        groups = np.array_split(peaks, min(_PEAKS, len(peaks)))
        return [[round(float(group[:, channel].max()), 3) for group in groups] for channel in range(CHANNELS)]
