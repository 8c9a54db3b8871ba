"""The processes that the supervisor runs: started tied to it, their lines shown behind their names, ended in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from parley.supervisor.options import PROJECT
from parley.supervisor.terminal import log

TIED = Path(__file__).with_name("tied.py")
CALM_S = 30.0
"""A process that ran this long starts again at once; one that died sooner waits a little longer each time."""


def tied(command: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    """Start a program that dies with us. Only the main thread may: the kernel ties it to the thread that started it."""
    assert threading.current_thread() is threading.main_thread()
    return subprocess.Popen(
        [sys.executable, "-ISE", str(TIED), str(os.getpid()), *command],
        cwd=PROJECT,
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        process_group=0,  # Ctrl-C goes to the supervisor alone, which ends them in order
    )


def run_to_end(command: list[str], env: dict[str, str], on_line: Callable[[str], object]) -> int:
    """Run a program to its end, hand on its lines, return its status. What interrupts us ends it and its children."""
    process = tied(command, env)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            on_line(line.rstrip())
        return process.wait()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


class Managed:
    """One process with a name, which can be started again."""

    def __init__(self, name: str, command: list[str], env: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.env = env
        self.process: subprocess.Popen[str] | None = None
        self._begun = 0.0
        self._deaths = 0
        self._not_before = 0.0

    def start(self) -> None:
        """Start it."""
        self.process = tied(self.command, self.env)
        self._begun = time.monotonic()
        threading.Thread(target=self._show_lines, args=[self.process], daemon=True).start()

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.process.poll() if self.process else None

    def start_again_if_dead(self) -> None:
        """Start it again once it died, after a pause that grows to 30 s while it keeps dying."""
        status = self.status
        if status is None:
            return
        now = time.monotonic()
        if self._not_before <= self._begun:
            self._deaths = 0 if now - self._begun > CALM_S else self._deaths + 1
            pause_s = min(30.0, 2.0**self._deaths - 1)
            self._not_before = now + pause_s
            log(self.name, f"ended with status {status}; starting it again in {pause_s:.0f} s")
        if now >= self._not_before:
            self.start()

    def ask_to_end(self) -> None:
        """Send it SIGTERM."""
        self._send(signal.SIGTERM)

    def end(self, patience_s: float) -> None:
        """Wait for its end; past the patience its whole group is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            log(self.name, f"did not end within {patience_s:.0f} s and is killed")
        self._send(signal.SIGKILL)
        self.process.wait()

    def _send(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def _show_lines(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            for line in process.stdout:
                log(self.name, line.rstrip())
