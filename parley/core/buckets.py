"""What each of the seven buckets takes: which files, how large, under which path. Content is checked, not names."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

KB, MB = 1024, 1024 * 1024
_CHUNK = MB
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}"


class Unfit(ValueError):
    """The bucket does not take this file; the text names the value and the way out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one bucket takes. `kinds` are file endings whose content is checked; empty: any."""

    holds: str
    kinds: tuple[str, ...]
    max_bytes: int
    path: str
    """As people read it, `{…}` for what varies."""
    pattern: str
    """The same as a regular expression without the ending."""


IMAGES = ("png", "jpg", "jpeg", "webp", "gif")
SOUND = ("flac", "wav", "ogg", "mp3")
LIMITS: dict[str, Limits] = {
    "recordings": Limits("stereo sound of attempts", SOUND, 500 * MB, "{org_id}/{attempt_id}.{ext}", rf"{_ID}/{_ID}"),
    "transcripts": Limits(
        "transcripts of attempts, as JSON and as text",
        ("json", "txt"),
        25 * MB,
        "{org_id}/{attempt_id}.{ext}",
        rf"{_ID}/{_ID}",
    ),
    "avatars": Limits("pictures of people", IMAGES, 5 * MB, "{org_id}/{user_id}.{ext}", rf"{_ID}/{_ID}"),
    "org-assets": Limits("logos of organisations", IMAGES, 5 * MB, "{org_id}/{name}.{ext}", rf"{_ID}/{_NAME}"),
    "scenario-assets": Limits(
        "attachments of scenarios and their exemplar calls",
        (*IMAGES, "pdf", "txt", "flac"),
        25 * MB,
        "{org_id}/{scenario}/{name}.{ext}",
        rf"{_ID}/{_NAME}/{_NAME}",
    ),
    "exports": Limits(
        "files that people asked for",
        ("csv", "zip"),
        1024 * MB,
        "{org_id}/{user_id}/{name}.{ext}",
        rf"{_ID}/{_ID}/{_NAME}",
    ),
    "tmp": Limits("what lives two days at most", (), 500 * MB, "{folder}/{name}", rf"{_NAME}(?:/{_NAME})*"),
}
CONTENT_TYPES = {
    "flac": "audio/flac", "wav": "audio/wav", "ogg": "audio/ogg", "mp3": "audio/mpeg", "json": "application/json",
    "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8", "zip": "application/zip",
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
    "gif": "image/gif",
}  # fmt: skip
"""Said here because a bare machine has no /etc/mime.types, and browsers do not guess (nosniff)."""


def check(bucket: str, path: str, file: IO[bytes], size: int) -> None:
    """Raise Unfit when `bucket` does not take this file at this path. The file is read and wound back."""
    limits = LIMITS[bucket]
    stem, _, ending = path.rpartition(".") if limits.kinds else (path, "", "")
    if limits.kinds and ending not in limits.kinds:
        raise Unfit(f"{bucket} takes {_listed(limits.kinds)} files, not {path!r}; convert the file to one of them.")
    if not re.fullmatch(limits.pattern, stem) or ".." in path:
        raise Unfit(f"Path {path!r} does not fit {bucket}; use {limits.path}, with ids in small letters.")
    if size > limits.max_bytes:
        raise Unfit(
            f"{path!r} has {_readable(size)}; {bucket} takes at most {_readable(limits.max_bytes)}. Make it smaller."
        )
    if limits.kinds:
        file.seek(0)
        fits = _CHECKS[ending](file)
        file.seek(0)
        if not fits:
            kind = ending.upper()
            raise Unfit(f"{path!r} is by its content no {kind} file, or it is damaged; save it as {kind} anew.")


def _begins(*starts: bytes, at: int = 0) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(at + 16)[at:].startswith(starts)


def _is_wave(file: IO[bytes]) -> bool:
    head = file.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WAVE"


def _is_webp(file: IO[bytes]) -> bool:
    head = file.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


def _is_text(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_json(file: IO[bytes]) -> bool:
    try:
        json.load(io.TextIOWrapper(io.BytesIO(file.read()), encoding="utf-8"))
    except (ValueError, RecursionError):
        return False
    return True


_JPEG = _begins(b"\xff\xd8\xff")
_CHECKS: dict[str, Callable[[IO[bytes]], bool]] = {
    "flac": _begins(b"fLaC"),
    "wav": _is_wave,
    "ogg": _begins(b"OggS"),
    "mp3": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "json": _is_json,
    "txt": _is_text,
    "csv": _is_text,
    "zip": _begins(b"PK\x03\x04", b"PK\x05\x06"),
    "pdf": _begins(b"%PDF-"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "webp": _is_webp,
    "gif": _begins(b"GIF87a", b"GIF89a"),
}


def table_markdown() -> str:
    """The buckets as a Markdown table."""
    rows = [
        f"| `{name}` | {limits.holds} | {_listed(limits.kinds) or 'any'} | {_readable(limits.max_bytes)} "
        f"| `{name}/{limits.path}` |"
        for name, limits in LIMITS.items()
    ]
    return "\n".join(["| bucket | holds | files | at most | path |", "|---|---|---|---|---|", *rows])


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(kinds)


def _readable(size: int) -> str:
    return f"{size / MB:.4g} MB" if size >= MB else f"{size / KB:.4g} KB" if size >= KB else f"{size} bytes"
