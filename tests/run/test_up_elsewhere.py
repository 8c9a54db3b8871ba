"""`bin/up` away from home: another user, no network, HTTPS for a LAN.."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.conftest import eventually, processes_of
from tests.run.up import PROJECT, Up, free_port

LOOPBACK_UP = (
    "import fcntl, os, socket, struct, sys\n"
    "with socket.socket() as s:\n"
    "    fcntl.ioctl(s, 0x8914, struct.pack('16sH14s', b'lo', 0x1 | 0x40, b''))\n"  # SIOCSIFFLAGS: up, running
    "os.execvp(sys.argv[1], sys.argv[1:])\n"
)


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A clone of the project's committed state, owned by whoever is not root."""
    clone = folder / "parley"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(PROJECT), str(clone)], check=True)
    return clone


@pytest.fixture
def other_user(folder: Path) -> Iterator[dict[str, object]]:
    """How to start a program as somebody who is not root: as `nobody` when we are root, else as ourselves."""
    if os.geteuid() != 0:
        yield {}
        return
    nobody = pwd.getpwnam("nobody")
    home = folder / "home"
    home.mkdir()
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    yield {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@pytest.mark.slow
def test_a_user_who_is_not_root_installs_and_runs_it(
    checkout: Path, other_user: dict[str, object], folder: Path
) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "PARLEY_", "SECRET_KEY"))}
    environment |= {
        "HOME": str(folder / "home"),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "UV_CACHE_DIR": str(folder / "uv"),
    }
    done = subprocess.run(
        ["bin/up", "--check", "--port", str(free_port())],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
        **other_user,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "/healthz answered 200" in done.stdout
    assert not processes_of(checkout)
    owner = (checkout / "var" / "postgres" / "pgdata").stat().st_uid
    assert owner == other_user.get("user", os.geteuid())
    assert owner != 0


@pytest.mark.slow
def test_a_spoken_call_is_held_with_no_network_at_all(folder: Path) -> None:
    assert shutil.which("unshare"), "unshare is part of util-linux; apt-get install util-linux"
    said = (
        "Hi, this is Dana from Summit Home Loans. How are you today?",
        "What matters most to you about this mortgage?",
    )
    recordings = [folder / f"turn{number}.wav" for number in range(len(said))]
    for recording, text in zip(recordings, said, strict=True):
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(recording), text], check=True)
    enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    # Without root the network namespace needs a user namespace, where one is root; PostgreSQL wants an ordinary user.
    leave = [] if os.geteuid() == 0 else ["unshare", f"--map-user={os.geteuid()}", f"--map-group={os.getegid()}"]
    hold = [sys.executable, "-m", "tests.run.offline", str(folder), *map(str, recordings)]
    done = subprocess.run(
        [*enter, sys.executable, "-c", LOOPBACK_UP, *leave, *hold],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    call = json.loads(done.stdout)
    heard = " ".join(line["text"] for line in call["transcript"] if line["speaker"] == "rep").lower()
    assert "summit home loans" in heard
    assert "what matters most" in heard
    assert sum(line["speaker"] == "buyer" for line in call["transcript"]) >= 2
    assert call["recording"]["channels"] == 2
    assert call["recording"]["duration_s"] > 10


@pytest.mark.slow
def test_https_gives_a_certificate_that_browsers_who_know_the_authority_trust(folder: Path) -> None:
    parley = Up(folder, "--https")
    try:
        parley.until_ready()
        assert f"Parley is ready at https://localhost:{parley.port}" in parley.said
        assert "demo.parley" not in parley.said
        trust = ssl.create_default_context(cafile=str(folder / "data" / "https" / "authority.pem"))
        with urllib.request.urlopen(f"https://localhost:{parley.port}/healthz", timeout=10, context=trust) as answer:
            assert answer.status == 200
        keys = list((folder / "data" / "https").glob("*.key"))
        assert [oct(key.stat().st_mode & 0o777) for key in keys] == ["0o600", "0o600"]
    finally:
        parley.end()
    assert eventually(lambda: not processes_of(folder), 30)
