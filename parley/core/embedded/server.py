"""Start, share and stop one embedded server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from parley.core.embedded.binaries import EmbeddedPostgresError
from parley.core.embedded.locks import FileLock
from parley.core.embedded.places import Places

Progress = Callable[[str], None]
ROLES_SQL = Path(__file__).resolve().parents[1] / "sql" / "roles.sql"
EXTENSIONS = ("pg_trgm", "unaccent")
DATABASE = "parley"


def _silent(_step: str) -> None:
    """Tell nobody."""


class EmbeddedPostgres:
    """A PostgreSQL server under `data_dir` that runs while somebody uses it.

    `durable=False` trades safety against a power cut for speed; it is for tests.
    """

    def __init__(self, data_dir: Path, bin_dir: Path | None = None, *, durable: bool = True) -> None:
        self.places = Places(data_dir.absolute())
        self.bin_dir = bin_dir
        self.durable = durable
        self._use: FileLock | None = None

    def start(self, progress: Progress | None = None) -> None:
        """Have the server running with roles and database, started by us or by somebody before us.

        Returns once it answers, after a crash as late as recovery takes. Doing it twice is harmless.
        Raises EmbeddedPostgresError.
        """
        tell = progress or _silent
        self.places.make_data_dir()
        with self.places.starting as starting:
            if self._use is None:
                use = self.places.users
                if not use.take(shared=True, wait=False):
                    tell("Waiting for the last server to finish")
                    use.take(shared=True)
                self._use = use
            try:
                if self.is_running():
                    self._wait_until_it_answers(tell)
                else:
                    self._spawn_keeper(tell)
                    self._wait_until_it_answers(tell)
                    self._bootstrap(tell)
            except BaseException:
                self._let_go()
                raise
            starting.release()

    def stop(self) -> None:
        """Stop using the server; it ends before this returns, unless somebody else uses it."""
        if self._use is None:
            return
        alone = self._use.take(wait=False)
        if alone and not self.places.keep_running.exists():
            self._end_keeper()
        self._let_go()

    def end(self) -> None:
        """Stop the server whoever uses it."""
        self.places.keep_running.unlink(missing_ok=True)
        self._let_go()
        if self.places.data_dir.is_dir():
            self._end_keeper()

    def keep_running(self) -> None:
        """Let the server run on without users, until `end`."""
        self.places.keep_running.touch()

    def is_running(self) -> bool:
        """Is there a keeper, and so a server that runs or is about to?"""
        return self.places.data_dir.is_dir() and self.places.keeper.held_by_somebody()

    def urls(self) -> dict[str, str]:
        """Return the addresses that Parley reads from the environment."""
        return {
            "DATABASE_URL": self.url("parley_authenticator"),
            "DATABASE_OWNER_URL": self.url("parley_owner"),
            "DATABASE_DIRECT_URL": self.url("parley_authenticator"),
            "DATABASE_WORKER_URL": self.url("parley_worker"),
        }

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address for one role, such as `postgresql://parley_owner@/parley?host=%2Fsrv%2Frun`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.places.socket_dir), safe='')}"

    def _spawn_keeper(self, tell: Progress) -> None:
        tell("Starting PostgreSQL")
        # A pid file that outlived a crash must not be read as the new keeper's.
        root = str(Path(__file__).resolve().parents[3])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "parley.core.embedded", "keep", "--data", str(self.places.data_dir)]
        if self.bin_dir:
            command += ["--bin", str(self.bin_dir)]
        if not self.durable:
            command += ["--fast"]
        keeper = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        assert keeper.stdout is not None
        said = []
        with keeper.stdout:
            for line in keeper.stdout:
                kind, _, rest = line.strip().partition(" ")
                if kind == "progress":
                    tell(rest)
                elif kind == "started":
                    return
                elif kind == "error":
                    keeper.wait()
                    raise EmbeddedPostgresError(rest.replace("\v", "\n"))
                else:
                    said.append(line.rstrip())
        raise EmbeddedPostgresError("The keeper of PostgreSQL ended at once:\n" + "\n".join(said[-20:]))

    def _wait_until_it_answers(self, tell: Progress) -> None:
        begun = told = time.monotonic()
        while True:
            try:
                with psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5):
                    return
            except psycopg.OperationalError as error:
                if not self.is_running():
                    raise EmbeddedPostgresError(
                        f"PostgreSQL did not start ({error}). The end of {self.places.log}:\n{self._end_of_log()}"
                    ) from error
                now = time.monotonic()
                if now - told >= 2:
                    told = now
                    tell(f"PostgreSQL is getting ready, after a crash this can take a while ({now - begun:.0f} s)")
                time.sleep(0.05)

    def _bootstrap(self, tell: Progress) -> None:
        """Make roles, database and extensions; all of it may be there already."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(ROLES_SQL.read_bytes())
            if not admin.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                tell("Making the database")
                admin.execute(sql.SQL("create database {} owner parley_owner").format(sql.Identifier(DATABASE)))
        # template1 too, so that test databases have the extensions from birth.
        for database in (DATABASE, "template1"):
            with psycopg.connect(self.url("postgres", database), autocommit=True) as admin:
                for extension in EXTENSIONS:
                    admin.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))

    def _end_keeper(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
            pid = int(self.places.keeper_pid.read_text())
            if self.is_running():
                os.kill(pid, signal.SIGTERM)
        while self.is_running():
            time.sleep(0.02)

    def _let_go(self) -> None:
        if self._use is not None:
            self._use.release()
            self._use = None

    def _end_of_log(self) -> str:
        try:
            return self.places.log.read_text(errors="replace")[-2000:].strip()
        except OSError as error:
            return str(error)
