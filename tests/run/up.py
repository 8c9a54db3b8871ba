"""One running `bin/up`, for tests that watch it start and end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 120.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Up:
    """A `bin/up` of its own data and port, with all that it printed in a file."""

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.said_file = folder / "said.txt"
        # A run under tests has the tests' environment; what it starts must make its own.
        clean = {
            k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "PARLEY_", "SECRET_KEY", "DJANGO_"))
        }
        with self.said_file.open("a") as out:
            self.process = subprocess.Popen(
                [str(PROJECT / "bin" / "up"), "--port", str(self.port), "--data", str(folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=clean,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """All that it printed so far, without colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self.said_file.read_text())

    def wait(self, within_s: float = READY_WITHIN_S) -> int:
        """Return its exit status."""
        try:
            return self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"bin/up did not end within {within_s:.0f} s:\n{self.said}") from None

    def until_ready(self) -> Up:
        """Wait for its welcome."""
        deadline = time.monotonic() + READY_WITHIN_S
        while "Parley is ready at" not in self.said:
            assert self.process.poll() is None, f"bin/up ended with status {self.process.returncode}:\n{self.said}"
            assert time.monotonic() < deadline, f"bin/up was not ready within {READY_WITHIN_S:.0f} s:\n{self.said}"
            time.sleep(0.1)
        return self

    def health(self) -> tuple[int, dict[str, Any]]:
        """Return status and answer of /healthz, status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def end(self) -> None:
        """Make sure that it is over."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
