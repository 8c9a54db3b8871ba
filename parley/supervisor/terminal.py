"""What the person at the terminal sees."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

COLOURS = {"web": 36, "worker": 35, "front end": 33, "database": 32}
_one_line_at_a_time = threading.Lock()


def is_colourful() -> bool:
    """May we use colours here?"""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def paint(text: str, code: int) -> str:
    """Return the text in a colour, where colours are welcome."""
    return f"\033[{code}m{text}\033[0m" if is_colourful() else text


def say(line: str = "") -> None:
    """Print one line. A terminal that is gone is no reason to fail."""
    with _one_line_at_a_time:
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            # The terminal closed; whatever Python wants to flush at exit must not fail either.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115


def log(source: str, line: str) -> None:
    """Print a line of one process, behind its name."""
    say(paint(f"{source:>9} | ", COLOURS.get(source, 37)) + line)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took when that was long."""
    say(paint("==> ", 1) + title)
    begun = time.monotonic()
    yield
    took_s = time.monotonic() - begun
    if took_s >= 2:
        say(f"    done in {took_s:.0f} s")


def detail(text: str) -> None:
    """Print how a step gets on."""
    say(f"    {text}")
