"""Where one embedded server keeps its things."""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from parley.core.embedded.binaries import SYSTEM_HOME, EmbeddedPostgresError, RunAs, can_reach, postgres_user
from parley.core.embedded.locks import FileLock

SOCKET_FILE = ".s.PGSQL.5432"
LONGEST_SOCKET = 100
"""Bytes; the kernel's limit for the address of a Unix socket is 107, macOS's 103."""


@dataclass(frozen=True)
class Places:
    """The folders and locks of one embedded server, all derived from its data folder."""

    data_dir: Path

    @property
    def home(self) -> Path:
        """Where data, socket and log are: the data folder, or where root had to put them instead."""
        elsewhere = self.data_dir / "elsewhere"
        return elsewhere.resolve() if elsewhere.is_symlink() else self.data_dir

    @property
    def pgdata(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def socket_dir(self) -> Path:
        """The private folder of the socket: beside the data, or under /tmp when that path is too long."""
        beside = self.home / "run"
        if len(os.fsencode(beside / SOCKET_FILE)) <= LONGEST_SOCKET:
            return beside
        short = self.data_dir / "socket-dir"
        return Path(short.read_text()) if short.exists() else beside

    @property
    def starting(self) -> FileLock:
        """Held by whoever is starting the server right now."""
        return FileLock(self.data_dir / "starting.lock")

    @property
    def users(self) -> FileLock:
        """Held shared by everybody who uses the server; the keeper takes it whole to stop the server."""
        return FileLock(self.data_dir / "users.lock")

    @property
    def keeper(self) -> FileLock:
        """Held by the keeper for its whole life."""
        return FileLock(self.data_dir / "keeper.lock")

    @property
    def keeper_pid(self) -> Path:
        return self.data_dir / "keeper.pid"

    @property
    def keep_running(self) -> Path:
        """While this file is here the server runs on without users."""
        return self.data_dir / "keep-running"

    def make_data_dir(self) -> None:
        """Make the folder of locks, so that the first lock can be taken."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            if not os.access(self.data_dir, os.W_OK | os.X_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{self.data_dir} cannot be written ({error.strerror}). Choose another folder with --data."
            ) from error

    def make_private_folders(self) -> RunAs:
        """Make what PostgreSQL needs, owned by and closed to all but whom it runs as. Returns that user."""
        user = postgres_user(self.pgdata)
        if os.geteuid() == 0:
            self.data_dir.chmod(0o711)
            # Once moved, the data stays where it is: a second move would begin with an empty database.
            if not can_reach(self.data_dir, user) and not self._is_elsewhere():
                self._move_elsewhere(user)
        for folder in (self.log.parent, self._make_socket_dir()):
            folder.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                os.chown(folder, user.uid, user.gid)
            folder.chmod(0o700)
        return user

    def _make_socket_dir(self) -> Path:
        beside = self.home / "run"
        if len(os.fsencode(beside / SOCKET_FILE)) <= LONGEST_SOCKET:
            return beside
        chosen = self.socket_dir
        if chosen == beside or not chosen.is_dir() or chosen.stat().st_uid not in {0, os.geteuid(), self._owner()}:
            chosen = Path(tempfile.mkdtemp(prefix="parley-pg-", dir="/tmp"))
            (self.data_dir / "socket-dir").write_text(str(chosen))
        return chosen

    def _owner(self) -> int:
        return self.pgdata.stat().st_uid if self.pgdata.exists() else os.geteuid()

    def _is_elsewhere(self) -> bool:
        return (self.data_dir / "elsewhere").is_symlink() and self.home.is_dir()

    def _move_elsewhere(self, user: RunAs) -> None:
        """The project lies in a closed folder such as /root, which only root may enter: keep the data outside."""
        home = SYSTEM_HOME / f"postgres-{uuid.uuid4().hex[:12]}"
        home.mkdir(parents=True)
        SYSTEM_HOME.chmod(0o711)
        home.chmod(0o711)
        with contextlib.suppress(FileNotFoundError):
            (self.data_dir / "elsewhere").unlink()
        (self.data_dir / "elsewhere").symlink_to(home)
        if not can_reach(home, user):
            raise EmbeddedPostgresError(
                f"PostgreSQL must not run as root, and user {user.name} can enter neither {self.data_dir} nor {home}. "
                "Run Parley as an ordinary user, or set DATABASE_URL."
            )
