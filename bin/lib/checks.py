"""All checks of the project, in an order that tells about small mistakes first. Called by bin/test, inside .venv."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from parley.core.embedded import EmbeddedPostgres
from parley.supervisor.frontend import (
    FrontendError,
    build_if_changed,
    install_if_changed,
    node_environment,
    node_program,
)
from parley.supervisor.terminal import paint, say

PROJECT = Path(__file__).resolve().parents[2]
BIN = PROJECT / ".venv" / "bin"
TEST_DATA = Path(os.environ.get("PARLEY_TEST_DATA", PROJECT / "var" / "test"))
TYPED = ["parley", "tests", "benchmarks", "evals", "bin/lib", "conftest.py"]
MISSING_TOOL = 3
NO_TESTS = 5
"""Pytest's status when nothing was selected."""
WAITING = ["tests/journeys", "tests/run", "tests/commands", "parley/voice"]
"""Tests that hold calls and start installations: they wait more than they compute."""
CLUSTER_CONF = Path("/etc/postgresql-common/createcluster.conf")

DEBIAN_TOOLS = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "espeak-ng": ("espeak-ng",)}
"""What the tests need beyond packages: Debian's name, and the programs that will do. Parley itself needs none of it."""

SLOW_TOOLS = {"pgbouncer": ("/usr/sbin/pgbouncer",), "postgresql-15": ("/usr/lib/postgresql/15/bin/postgres",)}
"""What only the slow tests need: the oldest PostgreSQL that Parley runs on, and a pooler before it."""

FOREIGN = (
    "PARLEY_",
    "DJANGO_",
    "DEBUG",
    "OPENAI_",
    "DEEPGRAM_",
    "ELEVENLABS_",
    "RESEND_",
    "EMAIL_",
    "AWS_",
    "NEXT_PUBLIC_",
)
OURS = {"PARLEY_CHROMIUM", "PARLEY_JOURNEY_URL", "PARLEY_PG_BIN", "PARLEY_TEST_DATA"}


@dataclass
class Tally:
    """How many checks and tests passed and failed so far."""

    passed: int = 0
    failed: int = 0
    names: list[str] = field(default_factory=list)
    """What failed."""

    def note(self, name: str, good: bool) -> None:
        if good:
            self.passed += 1
        else:
            self.failed += 1
            self.names.append(name)


tally = Tally()
_one_at_a_time = threading.Lock()


def main() -> int:
    """Run what was asked for. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="bin/test", description="Run all checks, or some.")
    parser.add_argument("--all", action="store_true", help="the slow tests too")
    parser.add_argument("parts", nargs="*", help="lint, types, or paths of tests")
    asked, options = parser.parse_known_args()
    os.chdir(PROJECT)
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    forget_own_keys()
    os.environ["SECRET_KEY"] = "only-for-checks-" + "x" * 40
    # Playwright's own Node wants libatomic, which a bare Debian lacks; ours does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node_program()))
    begun = time.monotonic()

    paths = [part for part in asked.parts if part not in {"lint", "types"}]
    everything = not asked.parts
    if everything or any("journeys" in path for path in paths):
        tools = DEBIAN_TOOLS | (SLOW_TOOLS if asked.all else {})
        if not have_tools(tools):
            return MISSING_TOOL
    try:
        if everything or len(paths) < len(asked.parts):
            check_statically(everything, set(asked.parts) - set(paths))
        if everything or paths:
            run_tests(paths, options, slow=asked.all)
    except FrontendError as problem:
        say(str(problem))
        tally.note("front end", False)
    for name in tally.names:
        say(paint(f"failed: {name}", 31))
    say(f"took {time.monotonic() - begun:.0f} s")
    say(paint(f"{tally.passed} passed, {tally.failed} failed", 31 if tally.failed else 32))
    return 1 if tally.failed else 0


def forget_own_keys() -> None:
    """Take the developer's own settings and keys out of the environment: tests need none and must not spend any."""
    for name in list(os.environ):
        if name.startswith(FOREIGN) and name not in OURS:
            del os.environ[name]


def have_tools(tools: dict[str, tuple[str, ...]]) -> bool:
    """Find the Debian programs that tests use, or install them when we are root. False when one is missing."""
    missing = missing_tools(tools)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {' and '.join(missing)} from Debian")
        if "postgresql-15" in missing and not CLUSTER_CONF.exists():
            # The programs are wanted, not a server that Debian starts.
            CLUSTER_CONF.parent.mkdir(exist_ok=True)
            CLUSTER_CONF.write_text("create_main_cluster = false\n")
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", *missing]
        for words in (["update", "-qq"], install):
            subprocess.run(["apt-get", *words], env=quiet, stdout=subprocess.DEVNULL, check=False)
        missing = missing_tools(tools)
    if missing:
        say(f"The tests need {' and '.join(missing)}. Run this, then bin/test again:")
        say(f"  sudo apt-get install -y {' '.join(missing)}")
        return False
    os.environ.setdefault("PARLEY_CHROMIUM", next(filter(None, map(shutil.which, DEBIAN_TOOLS["chromium"])), ""))
    return True


def missing_tools(tools: dict[str, tuple[str, ...]]) -> list[str]:
    """Return Debian's names of the programs that are not here; PARLEY_CHROMIUM may name a Chromium anywhere."""
    found = {name for name, programs in tools.items() if any(map(shutil.which, programs))}
    if os.environ.get("PARLEY_CHROMIUM"):
        found.add("chromium")
    return [name for name in tools if name not in found]


def check_statically(everything: bool, parts: set[str]) -> None:
    """Lint and type-check Python on one core while the front end is checked on the other."""
    lint, types = everything or "lint" in parts, everything or "types" in parts
    python = threading.Thread(target=check_python, args=[lint, types, everything])
    python.start()
    try:
        install_if_changed()
        if lint:
            check("biome", ["biome", "check", "frontend", "vite.config.ts"])
        if types:
            check("tsc", ["tsc", "--noEmit"])
        if everything:
            build_if_changed()
            check("vitest", ["vitest", "run"])
    finally:
        python.join()


def check_python(lint: bool, types: bool, everything: bool) -> None:
    """Check the Python side."""
    if lint:
        check("ruff", ["ruff", "check", "."])
        check("ruff format", ["ruff", "format", "--check", "."])
        check("import-linter", ["lint-imports"])
    if not (types or everything):
        return
    # Django's settings, which mypy's plugin reads, want a database to be named; makemigrations wants one to answer.
    server = EmbeddedPostgres(PROJECT / "var" / "test" / "postgres", durable=False)
    server.start()
    database = server.urls() | {"PARLEY_EMBEDDED_DATABASE": "1", "PARLEY_DATA": str(PROJECT / "var" / "test" / "data")}
    if types:
        typed = [path for path in TYPED if path.endswith(".py") or any((PROJECT / path).rglob("*.py"))]
        check("mypy", ["mypy", *typed], database)
    if everything:
        check("migrations are made", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"], database)
    server.stop()


def check(name: str, command: list[str], env: dict[str, str] | None = None) -> None:
    """Run one check, and show what it said when it failed."""
    begun = time.monotonic()
    front_end = PROJECT / "node_modules" / ".bin" / command[0]
    if command[0] == front_end.name and front_end.exists():
        command = [str(front_end), *command[1:]]
        env = node_environment()
    done = subprocess.run(
        command,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    good = done.returncode == 0
    with _one_at_a_time:
        tally.note(name, good)
        say(f"{paint('ok    ', 32) if good else paint('FAILED', 31)} {name} ({time.monotonic() - begun:.1f} s)")
        if not good:
            say(done.stdout.rstrip())


def run_tests(paths: list[str], options: list[str], *, slow: bool) -> None:
    """Run the tests of `paths`, or all of them in two lanes side by side: most of what holds calls is waiting."""
    front_end = [path for path in paths if path.startswith("frontend/")]
    if front_end:
        install_if_changed()
        check("vitest", ["vitest", "run", *(path.removeprefix("frontend/") for path in front_end)])
        paths = [path for path in paths if path not in front_end]
        if not paths:
            return
    else:
        build_if_changed()
    options = [*(["-m", ""] if slow else []), *options]
    if paths:
        lanes = [Lane("report", [*options, *paths])]
    else:
        computing = [f"--ignore={path}" for path in WAITING]
        lanes = [Lane("waiting", [*options, *WAITING]), Lane("computing", [*options, *computing])]
    for lane in lanes[1:]:
        lane.start(aside=True)
    lanes[0].start(aside=False)
    ran = sum([lane.finish() for lane in lanes])
    if not ran:
        tally.note("pytest found no test", False)


@dataclass
class Lane:
    """One pytest with a data folder and a database server of its own."""

    name: str
    words: list[str]

    def start(self, *, aside: bool) -> None:
        """Begin. What a lane `aside` prints is shown when it has finished."""
        self.folder = TEST_DATA if self.name == "report" else TEST_DATA / self.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.report = self.folder / "report.xml"
        self.report.unlink(missing_ok=True)
        self.printed = self.folder / "printed.txt" if aside else None
        command = ["pytest", "-q", "-rfEs", f"--junitxml={self.report}", *self.words]
        env = os.environ | {"PARLEY_TEST_DATA": str(self.folder)}
        if self.printed is None:
            self.process = subprocess.Popen(command, env=env)
        else:
            with self.printed.open("w") as out:
                self.process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)

    def finish(self) -> int:
        """Wait for it and count; a skipped test counts as failed, because a check that did not run proves nothing.

        Returns how many tests ran.
        """
        status = self.process.wait()
        if self.printed is not None:
            say(self.printed.read_text(errors="replace").rstrip())
        if not self.report.exists():
            tally.note(f"pytest (status {status})", False)
            return 0
        cases = list(ET.parse(self.report).iter("testcase"))  # noqa: S314 -- pytest wrote it
        for case in cases:
            name = f"{case.get('classname')}.{case.get('name')}"
            bad = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
            tally.note(f"{name} ({bad[0]})" if bad else name, not bad)
        if status not in {0, 1, NO_TESTS}:
            tally.note(f"pytest (status {status})", False)
        return len(cases)


if __name__ == "__main__":
    sys.exit(main())
