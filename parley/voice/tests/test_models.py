"""Model files: found, verified, refused when they are not the pinned ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from parley.voice.fetch import fetch
from parley.voice.model_files import HASHES_FILE, ModelError, files_of, inventory, place_of, sha256_of, verify
from parley.voice.settings import VoiceSettings


def bundled_voice(folder: Path) -> Path:
    """A copy of the bundled voice, as somebody would place their own."""
    place = place_of("piper", VoiceSettings(data_dir=folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name in place.hashes:
        shutil.copy(place.folder / name, folder / name)
    return folder / "en_US-joe-medium.onnx"


def test_the_bundled_models_are_the_pinned_ones(settings: VoiceSettings) -> None:
    files = inventory(settings)
    assert {f.role for f in files} == {"whisper", "piper", "silero", "smart_turn"}
    assert {f.state for f in files} == {"verified"}


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    voice = bundled_voice(tmp_path / "own")
    config = voice.with_name(voice.name + ".json")
    (voice.parent / HASHES_FILE).write_text(json.dumps({p.name: sha256_of(p) for p in (voice, config)}))
    settings = VoiceSettings(data_dir=tmp_path, piper_voice=str(voice))
    assert {f.state for f in verify(place_of("piper", settings))} == {"verified"}
    config.write_text(config.read_text() + " ")
    with pytest.raises(ModelError, match=r"en_US-joe-medium.onnx.json has SHA-256 .* is pinned"):
        verify(place_of("piper", settings))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    voice = bundled_voice(tmp_path / "own")
    voice.with_name(voice.name + ".json").unlink()
    with pytest.raises(ModelError, match="is missing"):
        verify(place_of("piper", VoiceSettings(data_dir=tmp_path, piper_voice=str(voice))))


def test_a_model_of_ones_own_needs_no_hash(tmp_path: Path) -> None:
    voice = bundled_voice(tmp_path / "own")
    place = place_of("piper", VoiceSettings(data_dir=tmp_path, piper_voice=str(voice)))
    assert {f.state for f in files_of(place)} == {"unpinned"}


def test_a_fetched_model_is_found_by_name(tmp_path: Path) -> None:
    bundled_voice(tmp_path / "models" / "piper" / "en_US-joe-medium")
    place = place_of("piper", VoiceSettings(data_dir=tmp_path, piper_voice="en_US-joe-medium"))
    assert place.folder == tmp_path / "models" / "piper" / "en_US-joe-medium"
    assert not place.bundled


def test_an_unknown_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="parley models fetch"):
        place_of("whisper", VoiceSettings(data_dir=tmp_path, whisper_model="huge.en"))


def test_a_refusing_network_is_said_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="could not be fetched"):
        fetch("base.en", VoiceSettings(data_dir=tmp_path))
    with pytest.raises(ModelError, match="is unknown"):
        fetch("nonsense", VoiceSettings(data_dir=tmp_path))
