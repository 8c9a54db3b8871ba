"""`parley`: it lists its commands without loading them, and the doctor tells embedded from real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.run.conftest import PROJECT

PARLEY = [sys.executable, "-c", "from parley.cli import main; main()"]


def parley(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as on a machine where only these variables are set."""
    own = ("DATABASE_", "PARLEY_", "SECRET_KEY", "DJANGO_", "OPENAI_", "DEEPGRAM_", "ELEVENLABS_", "RESEND_", "EMAIL_")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    return subprocess.run(
        [*PARLEY, *words], cwd=PROJECT, env=clean | variables, capture_output=True, text=True, timeout=120, check=False
    )


def doctor(folder: Path, **variables: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Return the doctor's status and what it says about each part."""
    done = parley("doctor", "--json", "--data", str(folder / "data"), **variables)
    assert done.stdout, done.stderr
    return done.returncode, {part["name"]: part for part in json.loads(done.stdout)["parts"]}


def test_it_lists_every_command_with_what_it_does() -> None:
    done = parley("--help")
    assert done.returncode == 0
    for file in (PROJECT / "parley" / "commands").glob("*.py"):
        if file.stem in {"__init__", "local"}:
            continue
        first_line = file.read_text().split('"""')[1].splitlines()[0]
        assert f"{file.stem:10} {first_line}" in done.stdout


def test_an_unknown_command_is_answered_with_those_that_exist() -> None:
    done = parley("dance")
    assert done.returncode == 2
    assert "parley dance is unknown; use one of" in done.stderr
    assert "doctor" in done.stderr


def test_the_doctor_finds_everything_embedded_and_every_model_verified(folder: Path) -> None:
    status, parts = doctor(folder)
    assert status == 0
    kinds = {name: part["kind"] for name, part in parts.items()}
    assert kinds | {"disk": "real", "billing": "off"} == {
        **dict.fromkeys(["database", "storage", "STT", "TTS", "LLM", "e-mail", "sign-in"], "embedded"),
        "billing": "off",
        "disk": "real",
    }
    assert "PostgreSQL 18" in parts["database"]["what"]
    for name in ("STT", "TTS"):
        models = parts[name]["what"].splitlines()[1:]
        assert models
        assert all(line.endswith("verified") for line in models), models
    assert all(part["change"] for part in parts.values())


def test_the_doctor_finds_what_is_real(folder: Path) -> None:
    status, parts = doctor(
        folder,
        OPENAI_API_KEY="sk-test",
        PARLEY_LLM_MODEL="some-model",
        DEEPGRAM_API_KEY="key",
        ELEVENLABS_API_KEY="key",
        RESEND_API_KEY="key",
        PARLEY_S3_ENDPOINT="https://s3.test",
    )
    assert status == 0
    assert [parts[name]["kind"] for name in ("storage", "STT", "TTS", "LLM", "e-mail")] == ["real"] * 5
    assert "some-model at OpenAI" in parts["LLM"]["what"]
    assert "https://s3.test" in parts["storage"]["what"]


def test_the_doctor_finds_a_model_that_was_changed(folder: Path) -> None:
    from parley.voice.model_files import HASHES_FILE, place_of
    from parley.voice.settings import VoiceSettings

    bundled = place_of("piper", VoiceSettings(data_dir=folder))
    mine = folder / "voice"
    mine.mkdir()
    for name in bundled.hashes:
        shutil.copy(bundled.folder / name, mine / name)
    (mine / HASHES_FILE).write_text(json.dumps(bundled.hashes))
    model = next(name for name in bundled.hashes if name.endswith(".onnx"))
    with (mine / model).open("ab") as out:
        out.write(b"changed")
    status, parts = doctor(folder, PARLEY_PIPER_VOICE=str(mine / model))
    assert status == 1
    assert not parts["TTS"]["ok"]
    assert "changed" in parts["TTS"]["what"]


@pytest.mark.parametrize(
    ("url", "says"),
    [("postgresql://nobody@127.0.0.1:1/parley", "OperationalError"), ("mysql://root@localhost/parley", "mysql")],
)
def test_a_database_that_cannot_be_used_is_named(folder: Path, url: str, says: str) -> None:
    done = parley("doctor", "--data", str(folder / "data"), DATABASE_URL=url)
    assert done.returncode == 1
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
