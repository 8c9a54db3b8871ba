"""`parley score` over a real stereo recording and over a transcript, on an installation of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[3]
SPOKEN = ROOT / "benchmarks" / "data"
RATE = 16_000


def read(name: str) -> Any:
    samples, rate = soundfile.read(str(next(SPOKEN.glob(f"{name}*.flac"))), dtype="float32")
    assert rate == RATE
    return samples


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """The rep (espeak-ng's voice) on the left, Piper's on the right, half a second between turns."""
    turns = [("rep", read("turn01")), ("buyer", read("turn03")), ("rep", read("turn04")), ("buyer", read("turn06"))]
    gap = np.zeros(RATE // 2, dtype=np.float32)
    sides: dict[str, list[Any]] = {"rep": [], "buyer": []}
    for speaker, samples in turns:
        for side, parts in sides.items():
            parts += [samples if side == speaker else np.zeros_like(samples), gap]
    stereo = np.stack([np.concatenate(sides["rep"]), np.concatenate(sides["buyer"])], axis=1)
    path = tmp_path / "call.flac"
    soundfile.write(str(path), stereo, RATE)
    return path


def parley(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    names = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_WORKER_URL",
        "DATABASE_DIRECT_URL",
        "PARLEY_DATA",
        "SECRET_KEY",
    )
    own = {key: value for key, value in os.environ.items() if key not in names}
    return subprocess.run(
        [sys.executable, "-c", "from parley.cli import main; main()", *arguments, "--data", str(data)],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_it_scores_a_recording_and_a_transcript_and_refuses_the_rest(tmp_path: Path, recording: Path) -> None:
    data = tmp_path / "data"
    done = parley("score", str(recording), "--scenario", "S01", "--json", data=data)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [u["speaker"] for u in found["transcript"]] == ["rep", "buyer", "rep", "buyer"]
    first = found["transcript"][0]
    assert "Marcus" in first["text"]
    assert first["words"][0]["start"] < 1
    assert found["kpis"]["talk_ratio"] is not None
    assert found["kpis"]["rep_words"] >= 10

    said = [{k: u[k] for k in ("speaker", "start", "end", "text")} for u in found["transcript"]]
    again = tmp_path / "call.json"
    again.write_text(json.dumps(said))
    done = parley("score", str(again), "--scenario", "s01-inbound-rate-shopper", "--json", data=data)
    assert json.loads(done.stdout)["kpis"]["question_count"] == found["kpis"]["question_count"]

    done = parley("score", str(tmp_path / "none.wav"), "--scenario", "S01", data=data)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not exist" in done.stderr
    done = parley("score", str(again), "--scenario", "S99", "--json", data=data)
    assert done.returncode == 2
    assert "S99" in json.loads(done.stdout)["error"]["message"]
