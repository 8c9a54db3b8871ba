"""Folders and processes for tests of the running system; whatever a test started ends with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parley.core.embedded import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parents[2]
Holder = subprocess.Popen[str]


def processes_of(folder: Path) -> dict[int, str]:
    """Return the processes that name this folder in their command line or environment, but not this one."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes()
            about = line
            with contextlib.suppress(PermissionError):
                about += (entry / "environ").read_bytes()
            if line and bytes(folder) in about and int(entry.name) != os.getpid():
                found[int(entry.name)] = line.replace(b"\0", b" ").decode(errors="replace")
    return found


def eventually(is_so: Callable[[], object], within_s: float = 15.0) -> bool:
    """Wait until it is so. False when it never was."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return bool(is_so())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may enter, which pytest's own are not. Its processes and files go with the test."""
    made = Path(tempfile.mkdtemp(prefix="parley-test-"))
    made.chmod(0o755)
    yield made
    for pid in processes_of(made):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not processes_of(made)), processes_of(made)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A started server of its own."""
    one = EmbeddedPostgres(folder / "pg", durable=False)
    one.start()
    yield one
    one.end()


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    """Start a program that uses the server of a folder, and return it once the server runs."""
    started: list[Holder] = []

    def start(data: Path) -> Holder:
        command = [sys.executable, "-m", "tests.run.holder", str(data)]
        program = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        started.append(program)
        assert program.stdout is not None
        for line in program.stdout:
            if line.strip() == "running":
                return program
        raise AssertionError(f"the holder ended with status {program.wait()}")

    yield start
    for program in started:
        program.kill()
        program.wait()
        assert program.stdout is not None
        program.stdout.close()
