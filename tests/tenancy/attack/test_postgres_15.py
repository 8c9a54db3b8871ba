"""The database tests on PostgreSQL 15 as a provider runs it: our owner is no superuser, nor may it bypass the walls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.slow
BIN = Path("/usr/lib/postgresql/15/bin")
PROJECT = Path(__file__).parents[3]
INSTALL = "PostgreSQL 15 is missing; run: sudo apt-get install -y postgresql-15"
PORT = 5515
SUITES = [
    "tests/tenancy",
    "parley/accounts",
    "parley/scenarios",
    "parley/calls",
    "parley/scoring",
    "parley/reporting",
    "parley/core",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The socket folder of a fresh PostgreSQL 15, with a provider's administrator who is no superuser."""
    assert (BIN / "postgres").exists(), INSTALL
    folder = Path(tempfile.mkdtemp(prefix="parley-pg15-", dir="/tmp"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def run(*words: str) -> None:
        subprocess.run(words, user=user, check=True, cwd="/", stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    run(str(BIN / "initdb"), "-D", data, "-U", "provider", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -p {PORT} -c fsync=off -c jit=off"
    run(str(BIN / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        run(str(BIN / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_the_database_tests_pass(server: Path) -> None:
    where = {"host": str(server), "port": PORT}
    with psycopg.connect(dbname="postgres", user="provider", autocommit=True, **where) as provider:  # type: ignore[arg-type]
        provider.execute("create role cloud_admin login createrole createdb")
    with psycopg.connect(dbname="postgres", user="cloud_admin", autocommit=True, **where) as admin:  # type: ignore[arg-type]
        admin.execute((PROJECT / "parley" / "core" / "sql" / "roles.sql").read_text())
        admin.execute("create database parley owner parley_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute("create role above_the_walls bypassrls")
        version = admin.execute("show server_version_num").fetchone()
        assert version is not None
        assert version[0].startswith("15")

    def url(role: str) -> str:
        return f"postgresql://{role}@/parley?host={server}&port={PORT}"

    env = os.environ | {
        "DATABASE_URL": url("parley_authenticator"),
        "DATABASE_OWNER_URL": url("parley_owner"),
        "DATABASE_DIRECT_URL": url("parley_authenticator"),
        "DATABASE_WORKER_URL": url("parley_worker"),
        "PARLEY_TEST_DATA": str(Path(tempfile.gettempdir()) / "parley-test-15"),
    }
    env.pop("PARLEY_EMBEDDED_DATABASE", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITES]
    done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
