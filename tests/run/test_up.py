"""`bin/up`: it starts everything, says what is in the way, looks after its processes, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.run.conftest import eventually, processes_of
from tests.run.up import Up, free_port

StartUp = Callable[..., Up]


@pytest.fixture
def up(folder: Path) -> Iterator[StartUp]:
    """Start `bin/up` on the test's folder."""
    started: list[Up] = []

    def start(*options: str, port: int | None = None) -> Up:
        started.append(Up(folder, *options, port=port))
        return started[-1]

    yield start
    for one in started:
        one.end()


def find(folder: Path, words: str) -> int:
    """Return the number of the process with these words in its command line."""
    found = [pid for pid, line in processes_of(folder).items() if words in line]
    assert len(found) == 1, processes_of(folder)
    return found[0]


def test_check_starts_everything_and_leaves_nothing_running_and_a_second_run_takes_seconds(
    up: StartUp, folder: Path
) -> None:
    first = up("--check")
    assert first.wait() == 0, first.said
    for part in ('"database"', '"migrations"', '"worker"', '"voice"', '"ok": true', "/healthz answered 200"):
        assert part in first.said
    assert '"ok": false' not in first.said
    assert not processes_of(folder)
    assert stat.S_IMODE((folder / "data" / "secret-key").stat().st_mode) == 0o600

    begun, before = time.monotonic(), first.said
    second = up("--check")
    assert second.wait() == 0, second.said
    assert time.monotonic() - begun < 60  # about 8 s on a quiet machine
    again = second.said.removeprefix(before)
    assert not any(word in again for word in ("Installing", "Building", "Making", "Applying")), again


def test_a_busy_port_is_reported_with_the_way_out(up: StartUp) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        refused = up(port=port)
        assert refused.wait() == 1
        assert f"Port {port} is busy" in refused.said
        assert f"process {os.getpid()}" in refused.said
        assert "choose another: bin/up --port" in refused.said


def test_a_folder_that_cannot_be_written_is_reported(up: StartUp, folder: Path) -> None:
    (folder / "data").write_text("a file is in the way")
    refused = up()
    assert refused.wait() == 1
    assert "cannot be written" in refused.said
    assert "--data" in refused.said


def test_it_welcomes_restarts_a_dead_worker_and_ends_cleanly_with_ctrl_c(up: StartUp, folder: Path) -> None:
    parley = up().until_ready()
    assert f"Parley is ready at http://localhost:{parley.port}" in parley.said
    for email in ("ben@demo.parley", "ana@demo.parley", "omar@demo.parley", "hana@demo.parley"):
        assert email in parley.said

    refused = up()
    assert refused.wait() == 1
    assert "runs already on this data" in refused.said

    worker = find(folder, "procrastinate worker")
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: worker not in processes_of(folder))
    assert eventually(lambda: any("procrastinate worker" in line for line in processes_of(folder).values()))
    assert eventually(lambda: parley.health()[0] == 200, 30)

    os.kill(parley.process.pid, signal.SIGINT)
    assert parley.wait(40) == 0, parley.said
    assert not processes_of(folder)


def test_it_starts_a_killed_database_again_and_ends_when_the_web_process_dies(up: StartUp, folder: Path) -> None:
    parley = up("--no-demo").until_ready()
    assert "demo.parley" not in parley.said
    os.kill(find(folder, "postgres -D"), signal.SIGKILL)
    assert eventually(lambda: "The database is gone" in parley.said, 20)
    assert eventually(lambda: parley.health()[0] == 200, 60), parley.said

    os.kill(find(folder, "uvicorn parley.asgi"), signal.SIGKILL)
    assert parley.wait(40) == 1
    assert "The web process ended" in parley.said
    assert not processes_of(folder)


@pytest.mark.parametrize("sign", [signal.SIGKILL, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_nothing_is_left_running_after_a_kill_or_a_dead_terminal(
    up: StartUp, folder: Path, sign: signal.Signals
) -> None:
    parley = up().until_ready()
    assert len(processes_of(folder)) >= 5
    os.kill(parley.process.pid, sign)
    parley.wait(40)
    assert eventually(lambda: not processes_of(folder), 30), processes_of(folder)
