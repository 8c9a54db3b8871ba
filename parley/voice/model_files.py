"""Which speech model files are used, where they lie, and whether they are what they should be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from parley.voice.settings import VoiceSettings

Role = Literal["whisper", "piper", "silero", "smart_turn"]
State = Literal["verified", "changed", "missing", "unpinned"]
HASHES_FILE = "SHA256.json"
"""Beside every fetched or hand-placed model: {"file name": "sha256"}; `parley models fetch` writes it."""

ENV_OF_ROLE = {"whisper": "PARLEY_WHISPER_MODEL", "piper": "PARLEY_PIPER_VOICE"}


class ModelError(Exception):
    """A model cannot be used; the text says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model. `sha256` is what is on disk, empty when the file is missing."""

    role: Role
    model: str
    path: Path
    sha256: str
    expected: str
    state: State


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """A model before its files are read: name, folder and the hashes that are known for it."""

    role: Role
    name: str
    folder: Path
    hashes: dict[str, str]
    bundled: bool


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pinned() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("pinned.json").read_text())
    return loaded


def _bundled(role: Role) -> ModelPlace:
    pin = _pinned()[role]
    spec = find_spec(pin["package"])
    if spec is None or spec.submodule_search_locations is None:
        raise ModelError(
            f"The package {pin['package']} with the {role} model is not installed; run bin/up to install it."
        )
    return ModelPlace(role, pin["name"], Path(spec.submodule_search_locations[0]) / pin["folder"], pin["files"], True)


def _own(role: Role, value: str, settings: VoiceSettings) -> ModelPlace:
    """The model that an environment variable names: a path, or the name of a fetched one."""
    path = Path(value).expanduser()
    if not path.exists():
        path = settings.models_dir / role / value
    if role == "piper" and path.is_dir():
        path = next(iter(sorted(path.glob("*.onnx"))), path / "voice.onnx")
    if not path.exists():
        raise ModelError(
            f"{ENV_OF_ROLE[role]}={value!r} names no model: neither a path nor one fetched into "
            f"{settings.models_dir / role}. Fetch one with `parley models fetch NAME`, give a full path, "
            "or unset it to use the bundled model."
        )
    folder = path if path.is_dir() else path.parent
    known = folder / HASHES_FILE
    hashes: dict[str, str] = json.loads(known.read_text()) if known.exists() else {}
    if role == "piper":
        names = (path.name, path.name + ".json")
        hashes = {name: hashes.get(name, "") for name in names}
    elif not hashes:
        hashes = {p.name: "" for p in sorted(folder.iterdir()) if p.is_file()}
    return ModelPlace(role, path.stem if role == "piper" else folder.name, folder, hashes, False)


def place_of(role: Role, settings: VoiceSettings) -> ModelPlace:
    """Where the model in use for `role` lies. Raises ModelError when a named one is absent."""
    value = {"whisper": settings.whisper_model, "piper": settings.piper_voice}.get(role, "")
    return _own(role, value, settings) if value else _bundled(role)


def files_of(place: ModelPlace) -> list[ModelFile]:
    """Hash every file of a model and compare it with what is pinned for it."""
    files = []
    for name, expected in place.hashes.items():
        path = place.folder / name
        actual = sha256_of(path) if path.is_file() else ""
        state: State
        if not actual:
            state = "missing"
        elif not expected:
            state = "unpinned"
        else:
            state = "verified" if actual == expected else "changed"
        files.append(ModelFile(place.role, place.name, path, actual, expected, state))
    return files


def verify(place: ModelPlace) -> list[ModelFile]:
    """Hash a model's files. Raises ModelError when one is missing or is not the one that is pinned."""
    files = files_of(place)
    for file in files:
        if file.state == "missing":
            raise ModelError(f"{file.path} is missing; run bin/up to install it again.")
        if file.state == "changed":
            raise ModelError(
                f"{file.path} has SHA-256 {file.sha256[:16]}… but {file.expected[:16]}… is pinned. "
                "Reinstall it with `uv sync --frozen --reinstall`, or name your own model "
                f"with {ENV_OF_ROLE.get(place.role, 'a setting')}."
            )
    return files


def inventory(settings: VoiceSettings) -> list[ModelFile]:
    """Every model file in use with its hash and state, for `parley models` and `parley doctor`."""
    roles: tuple[Role, ...] = ("whisper", "piper", "silero", "smart_turn")
    return [file for role in roles for file in files_of(place_of(role, settings))]
