"""Rendered lines, kept on disk under the hash of text, voice and settings, so that a scripted buyer speaks at once.

Files are FLAC, 24 000 Hz mono, written under a temporary name and renamed, so that several processes may share
the folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import soundfile
import structlog

from parley.buyer.brief import VoiceStyle
from parley.voice.speech import RATE_OUT, SETTINGS_VERSION

log = structlog.get_logger(__name__)
IN_MEMORY_BYTES = 48_000_000


def line_key(text: str, style: VoiceStyle, voice: str) -> str:
    """The name of a rendered line; `voice` is the hash of the voice model or the name of a cloud voice."""
    words = "\x1f".join((text, style.model_dump_json(), voice, str(SETTINGS_VERSION)))
    return hashlib.sha256(words.encode()).hexdigest()[:40]


class LineStore:
    """Looks rendered lines up in memory, then on disk. A disk that fails costs speed, never the call."""

    def __init__(self, folder: Path, cache_mb: int) -> None:
        self._folder = folder
        self._limit = cache_mb * 1_000_000
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._held = 0

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.flac"

    def has(self, key: str) -> bool:
        return key in self._memory or self._path(key).exists()

    def get(self, key: str) -> bytes | None:
        """16-bit mono PCM at 24 000 Hz, or None when the line was never rendered."""
        if key in self._memory:
            self._memory.move_to_end(key)
            return self._memory[key]
        path = self._path(key)
        try:
            pcm: bytes = soundfile.read(str(path), dtype="int16")[0].tobytes()
        except (OSError, RuntimeError):
            return None
        self._remember(key, pcm)
        return pcm

    def put(self, key: str, pcm: bytes) -> None:
        self._remember(key, pcm)
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".flac")
            os.close(handle)
            soundfile.write(temporary, np.frombuffer(pcm, dtype="<i2"), RATE_OUT, format="FLAC", subtype="PCM_16")
            Path(temporary).replace(path)
        except (OSError, RuntimeError) as error:
            log.warning("A rendered line was not kept on disk", path=str(path), error=str(error))

    def _remember(self, key: str, pcm: bytes) -> None:
        self._held += len(pcm) - len(self._memory.pop(key, b""))
        self._memory[key] = pcm
        while self._held > IN_MEMORY_BYTES and len(self._memory) > 1:
            self._held -= len(self._memory.popitem(last=False)[1])

    def prune(self) -> int:
        """Delete the lines used longest ago until the folder is within its limit. Returns how many went."""
        files = sorted(self._folder.glob("??/*.flac"), key=lambda p: p.stat().st_mtime)
        total = sum(p.stat().st_size for p in files)
        gone = 0
        for path in files:
            if total <= self._limit:
                break
            total -= path.stat().st_size
            path.unlink(missing_ok=True)
            gone += 1
        return gone
