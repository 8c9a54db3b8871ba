"""File locks that the kernel gives back when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    """One `flock` on one file; shared or exclusive, never inherited by programs that we start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock, or change the kind that is held. False when `wait` is off and somebody else has it."""
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._give_to_owner_of_folder(self._fd)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._fd, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def held_by_somebody(self) -> bool:
        """Does anybody hold it exclusively? Only for a lock that we do not hold ourselves."""
        probe = FileLock(self.path)
        try:
            return not probe.take(shared=True, wait=False)
        finally:
            probe.release()

    def __enter__(self) -> FileLock:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _give_to_owner_of_folder(self, fd: int) -> None:
        # So that the folder's owner can still start it after root once did.
        folder = self.path.parent.stat()
        if os.geteuid() == 0 and os.fstat(fd).st_uid != folder.st_uid:
            os.fchown(fd, folder.st_uid, folder.st_gid)
