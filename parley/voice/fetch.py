"""Fetch better speech models from their official homes, verified by the SHA-256 that the home publishes.

Whisper models come from Systran's repositories for faster-whisper, Piper voices from rhasspy/piper-voices, both on the
Hugging Face Hub. Nothing is fetched unless somebody asks for it by name.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from parley.voice.model_files import HASHES_FILE, ModelError, Role, sha256_of
from parley.voice.settings import VoiceSettings

HUB = "https://huggingface.co"
WHISPER = {name: f"Systran/faster-whisper-{name}" for name in ("tiny.en", "base.en", "small.en", "medium.en")}
WHISPER_FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")
VOICES = "rhasspy/piper-voices"

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes fetched so far, and its size."""


def fetch(name: str, settings: VoiceSettings, progress: Progress = lambda *_: None) -> Path:
    """Fetch the Whisper model or Piper voice called `name`. Returns its folder; raises ModelError with what to do."""
    role: Role = "whisper" if name in WHISPER else "piper"
    repo = WHISPER.get(name, VOICES)
    hub = os.environ.get("HF_ENDPOINT", HUB).rstrip("/")
    folder = settings.models_dir / role / name
    partial = folder.with_name(folder.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        with httpx.Client(follow_redirects=True, timeout=60) as http:
            published = _published(http, hub, repo, "" if role == "whisper" else _voice_folder(name))
            hashes = {}
            for path, sha256 in _wanted(role, name, published).items():
                hashes[Path(path).name] = _download(
                    http, f"{hub}/{repo}/resolve/main/{path}", partial, sha256, progress
                )
    except httpx.HTTPError as error:
        raise ModelError(
            f"{name} could not be fetched from {hub}/{repo}: {error}. Copy its files from a machine "
            f"that reaches it into {folder}, or go on with the bundled model."
        ) from error
    except OSError as error:
        raise ModelError(f"{name} could not be kept in {folder}: {error}.") from error
    finally:
        if not (partial / HASHES_FILE).exists() and partial.exists() and not any(partial.iterdir()):
            partial.rmdir()
    (partial / HASHES_FILE).write_text(json.dumps(hashes, indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder


def _voice_folder(name: str) -> str:
    """`en_US-amy-medium` lies in en/en_US/amy/medium."""
    try:
        language, voice, quality = name.split("-")
    except ValueError:
        known = ", ".join(WHISPER)
        raise ModelError(
            f"{name!r} is unknown; use one of {known}, or a Piper voice such as en_US-amy-medium."
        ) from None
    return f"{language.split('_')[0]}/{language}/{voice}/{quality}"


def _published(http: httpx.Client, hub: str, repo: str, folder: str) -> dict[str, str]:
    """Path -> SHA-256 (empty for small files that the hub keeps without one) as the home publishes them."""
    answer = http.get(f"{hub}/api/models/{repo}/tree/main/{folder}".rstrip("/"))
    answer.raise_for_status()
    entries: list[dict[str, Any]] = answer.json()
    return {entry["path"]: (entry.get("lfs") or {}).get("oid", "") for entry in entries if entry["type"] == "file"}


def _wanted(role: Role, name: str, published: dict[str, str]) -> dict[str, str]:
    """The files to fetch with their published hashes; the weights must have one."""
    names = WHISPER_FILES if role == "whisper" else (f"{name}.onnx", f"{name}.onnx.json")
    wanted = {path: sha for path, sha in published.items() if Path(path).name in names}
    weights = [sha for path, sha in wanted.items() if path.endswith((".bin", ".onnx"))]
    if len(weights) != 1 or not weights[0]:
        raise ModelError(f"{name} has no weights with a published SHA-256 at its home; it was not fetched.")
    return wanted


def _download(http: httpx.Client, url: str, folder: Path, sha256: str, progress: Progress) -> str:
    """Stream one file to disk and verify it. Returns its SHA-256; raises ModelError when another is published."""
    target = folder / url.rsplit("/", 1)[1]
    with http.stream("GET", url) as answer, target.open("wb") as file:
        answer.raise_for_status()
        size, done = int(answer.headers.get("content-length", 0)), 0
        for chunk in answer.iter_bytes(1 << 20):
            file.write(chunk)
            done += len(chunk)
            progress(target.name, done, size)
    actual = sha256_of(target)
    if sha256 and actual != sha256:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(f"{url} has SHA-256 {actual}, but its home publishes {sha256}; it was thrown away.")
    return actual
