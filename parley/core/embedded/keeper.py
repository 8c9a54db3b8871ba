"""The keeper: parent of one PostgreSQL server, in a session of its own, gone when the server is.

It stops the server when nobody holds the users' lock any more. If it dies itself, even by kill -9, the kernel tells the
server to stop. It talks to whoever started it by lines on standard output until the server runs.
"""

from __future__ import annotations

import contextlib
import ctypes
import locale
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parley.core.embedded.binaries import (
    EmbeddedPostgresError,
    RunAs,
    find_bin_dir,
    major_version,
    reachable_bin_dir,
)
from parley.core.embedded.places import Places

LOGIN_ROLES = ("postgres", "parley_owner", "parley_authenticator", "parley_worker")
LOOK_EVERY_S = 0.1
FAST_STOP_S = 60.0
LARGEST_LOG = 20_000_000


def keep(places: Places, bin_dir: Path | None, *, durable: bool) -> int:
    """Run the server until nobody uses it, until a signal, or until it dies. Returns an exit status."""
    stopping = _listen_to_signals()
    keeper = places.keeper
    keeper.take()  # waits for no other keeper, of which there is none while one is starting, but for a look at the lock
    places.keeper_pid.write_text(str(os.getpid()))
    try:
        user = places.make_private_folders()
        programs = reachable_bin_dir(find_bin_dir(bin_dir), user)
        _make_cluster(places, programs, user)
        _end_orphan(places)
        server = _start_server(places, programs, user, durable=durable)
        _say(f"started {server.pid}")
        sys.stdout.close()
        return _watch(server, places, stopping)
    except EmbeddedPostgresError as error:
        _say("error " + str(error).replace("\n", "\v"))
        return 1
    finally:
        with contextlib.suppress(FileNotFoundError):
            places.keeper_pid.unlink()
        # The lock goes with this process, so that whoever waits for the lock has waited for all of us.


def _listen_to_signals() -> Callable[[], bool]:
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked.append(received))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return lambda: bool(asked)


def _say(line: str) -> None:
    # Whoever started us may be gone; the server is kept or stopped by the lock, not by this pipe.
    with contextlib.suppress(BrokenPipeError, ValueError):
        print(line, flush=True)


def _make_cluster(places: Places, programs: Path, user: RunAs) -> None:
    """Run initdb once, in a folder beside, so that an interrupted one is never mistaken for a cluster."""
    version = major_version(programs, user)
    marker = places.pgdata / "PG_VERSION"
    if marker.exists():
        if (found := int(marker.read_text())) != version:
            raise EmbeddedPostgresError(
                f"{places.pgdata} was made by PostgreSQL {found}, and this is {version}. Set PARLEY_PG_BIN to the bin "
                f"folder of a PostgreSQL {found}, or upgrade the data with pg_upgrade."
            )
    else:
        _say("progress Making the database cluster (once)")
        fresh = places.home / "pgdata.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if not user.is_us:
            os.chown(fresh, user.uid, user.gid)
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version >= 17 else []
        options = ["--encoding=UTF8", f"--locale={_system_locale()}", *provider, "--auth=peer", "--data-checksums"]
        made = _popen(
            [str(programs / "initdb"), "-D", str(fresh), "-U", "postgres", "--no-instructions", *options],
            user,
            stdout=subprocess.PIPE,
            death_signal=signal.SIGKILL,
        )
        said = made.communicate()[0]
        if made.returncode != 0:
            raise EmbeddedPostgresError(f"initdb failed in {fresh}:\n{said.decode(errors='replace').strip()[-2000:]}")
        if places.pgdata.exists():
            raise EmbeddedPostgresError(
                f"{places.pgdata} is there but is no database cluster. Move it away and start again."
            )
        fresh.rename(places.pgdata)
    _write_access_rules(places, user)


def _system_locale() -> str:
    try:
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


def _write_access_rules(places: Places, user: RunAs) -> None:
    """Let us, whom the kernel vouches for, be the server's roles, and nobody else anything."""
    people = {user.name, _our_name(), "root"}
    rules = {
        "pg_hba.conf": "local all all peer map=parley\nlocal replication postgres peer map=parley\n",
        "pg_ident.conf": "".join(f'parley "{name}" {role}\n' for name in sorted(people) for role in LOGIN_ROLES),
    }
    for file, text in rules.items():
        target = places.pgdata / file
        target.write_text(text)
        if not user.is_us:
            os.chown(target, user.uid, user.gid)
        target.chmod(0o600)


def _our_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _end_orphan(places: Places) -> None:
    """Make sure that no server runs on this data, and take away the pid file of one that died.

    PostgreSQL refuses to start while the number in the file belongs to any living process, and numbers are reused.
    """
    pid_file = places.pgdata / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text().splitlines()
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    for sign, patience_s in ((0, 10.0), (signal.SIGINT, FAST_STOP_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
        if not _serves(pid, places.pgdata):
            break
        if sign:
            _say("progress Stopping a server that was left behind")
            os.kill(pid, sign)
        deadline = time.monotonic() + patience_s
        while _serves(pid, places.pgdata) and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
    pid_file.unlink(missing_ok=True)


def _serves(pid: int, pgdata: Path) -> bool:
    """Is this process a server on exactly this data?"""
    if pid <= 1:
        return False
    line = Path(f"/proc/{pid}/cmdline")
    if line.exists():
        words = line.read_bytes().decode(errors="replace").split("\0")
    else:
        said = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
        words = said.split()
    return str(pgdata) in words and Path(words[0]).name.startswith("postgres")


def _start_server(places: Places, programs: Path, user: RunAs, *, durable: bool) -> subprocess.Popen[bytes]:
    log = places.log
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(places.socket_dir),
        "unix_socket_permissions": "0700",
        "cluster_name": "parley",
        "max_connections": "120",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_destination": "stderr",
        "logging_collector": "off",
        "log_line_prefix": "%m [%p] %u@%d ",
        "jit": "off",
        "password_encryption": "scram-sha-256",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with log.open("ab") as out:
        if not user.is_us:
            os.chown(log, user.uid, user.gid)
        return _popen(
            [str(programs / "postgres"), "-D", str(places.pgdata)] + [f"--{k}={v}" for k, v in settings.items()],
            user,
            stdout=out.fileno(),
            death_signal=signal.SIGINT,
        )


def _popen(command: list[str], user: RunAs, *, stdout: int, death_signal: int) -> subprocess.Popen[bytes]:
    """Start a program as `user` that gets `death_signal` when we die (on Linux)."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def tie_to_us() -> None:
        if libc is not None:
            libc.prctl(1, death_signal)  # PR_SET_PDEATHSIG; set after the change of user, which would clear it
            if os.getppid() != parent:
                os._exit(1)

    as_user: dict[str, Any] = {} if user.is_us else {"user": user.uid, "group": user.gid, "extra_groups": []}
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=clean | {"LC_ALL": _system_locale()},
        umask=0o077,
        preexec_fn=tie_to_us,
        **as_user,
    )


def _watch(server: subprocess.Popen[bytes], places: Places, stopping: Callable[[], bool]) -> int:
    """Wait for the server's end, and end it when a signal says so or nobody uses it."""
    users = places.users
    while server.poll() is None:
        if stopping():
            break
        if not places.keep_running.exists() and users.take(wait=False):
            break
        users.release()
        time.sleep(LOOK_EVERY_S)
    return _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> int:
    for sign, patience_s in ((signal.SIGINT, FAST_STOP_S), (signal.SIGQUIT, 15.0), (signal.SIGKILL, 15.0)):
        if server.poll() is not None:
            break
        server.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(patience_s)
    return server.returncode or 0
