"""`parley call` and `parley models` when they cannot do what was asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from parley.commands import call, models
from parley.voice.tests.conftest import RECORDINGS

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def silent_wav(path: Path, seconds: float, rate: int = 8000) -> Path:
    soundfile.write(path, np.zeros(int(seconds * rate), dtype=np.int16), rate)
    return path


def test_it_asks_for_audio_or_text(runner: CliRunner) -> None:
    for arguments in (["s01"], ["s01", "--text", "--audio", "a.wav"]):
        result = runner.invoke(call.app, arguments)
        assert result.exit_code == 2
        assert "--audio" in result.output


def test_a_file_that_is_not_there_is_named(runner: CliRunner) -> None:
    result = runner.invoke(call.app, ["s01", "--audio", "nowhere.wav", "--server", NOBODY])
    assert result.exit_code == 2
    assert "nowhere.wav cannot be read as audio" in result.output


def test_a_silent_file_is_refused(runner: CliRunner, tmp_path: Path) -> None:
    path = silent_wav(tmp_path / "silent.wav", 2)
    result = runner.invoke(call.app, ["s01", "--audio", str(path), "--server", NOBODY])
    assert result.exit_code == 2
    assert "holds no sound" in result.output


def test_a_three_hour_file_is_refused_before_it_is_read(runner: CliRunner, tmp_path: Path) -> None:
    path = silent_wav(tmp_path / "long.wav", 3 * 3600, rate=1000)
    result = runner.invoke(call.app, ["s01", "--audio", str(path), "--server", NOBODY])
    assert result.exit_code == 2
    assert "lasts 180 minutes" in result.output


def test_a_server_that_does_not_answer_is_named(runner: CliRunner) -> None:
    recording = str(next(RECORDINGS.glob("yes.flac")))
    result = runner.invoke(call.app, ["s01", "--audio", recording, "--server", NOBODY])
    assert result.exit_code == 1
    assert f"{NOBODY} cannot be reached" in result.output
    assert "bin/up" in result.output


def test_the_models_in_use_are_listed(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(models.app, ["--data", str(tmp_path)])
    assert result.exit_code == 0
    assert result.output.count("verified") == 8
    assert "parley models fetch" in result.output


def test_a_named_model_that_is_not_there_is_said(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_WHISPER_MODEL", "huge.en")
    result = runner.invoke(models.app, ["--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "PARLEY_WHISPER_MODEL='huge.en' names no model" in result.output
