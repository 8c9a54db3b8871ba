"""`bin/test`: a missing tool is named and never skipped, and a test that did not run counts as failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.run.conftest import PROJECT


def run_checks(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    ours = ("DATABASE_", "PARLEY_", "SECRET_KEY", "DJANGO_")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return subprocess.run(
        [str(PROJECT / "bin" / "test"), *words],
        env=clean | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_missing_tool_ends_it_with_status_3_and_the_line_to_run(folder: Path) -> None:
    bare = folder / "bin"
    bare.mkdir()
    for program in ("bash", "env", "dirname", "cat"):
        found = shutil.which(program)
        assert found
        (bare / program).symlink_to(found)
    done = run_checks("tests/journeys", PATH=str(bare))
    assert done.returncode == 3, done.stdout
    assert "apt-get install -y chromium" in done.stdout
    assert "passed" not in done.stdout


def test_a_skipped_test_counts_as_failed() -> None:
    (PROJECT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PROJECT / "var") as folder:  # inside the project, whose conftest it needs
        lazy = Path(folder) / "test_lazy.py"
        lazy.write_text("import pytest\ndef test_it_works(): pass\n@pytest.mark.skip\ndef test_it_would_work(): pass\n")
        done = run_checks(str(lazy))
    assert done.returncode == 1, done.stdout
    assert "test_it_would_work (skipped)" in done.stdout
    assert done.stdout.rstrip().endswith("1 passed, 1 failed")
