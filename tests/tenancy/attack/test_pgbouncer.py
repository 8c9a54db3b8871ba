"""The same attacks through PgBouncer in transaction mode, where clients share one server connection."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.tenancy.attack.attacks import Actor, acting, actors, attack_tables
from tests.tenancy.attack.world import World, dsn

pytestmark = pytest.mark.slow
PORT = 6543
INSTALL = "PgBouncer is missing; run: sudo apt-get install -y pgbouncer"
_CLAIMS = (
    "select current_user, coalesce(current_setting('jwt.claims.org_id', true), ''), "
    "coalesce(current_setting('jwt.claims.user_id', true), '')"
)


@pytest.fixture
def bouncer(world: World) -> Iterator[dict[str, Any]]:
    """Where a PgBouncer with one server connection listens, in front of the test database."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, INSTALL
    behind = dsn()
    folder = Path(tempfile.mkdtemp(prefix="parley-bouncer-", dir="/tmp"))
    # Neither PgBouncer nor PostgreSQL runs as root; the socket belongs to whom PostgreSQL runs as.
    owner = Path(behind["host"]).stat() if str(behind["host"]).startswith("/") else folder.stat()
    uid = owner.st_uid if os.geteuid() == 0 else os.geteuid()
    if uid == 0:
        uid = pwd.getpwnam("nobody").pw_uid
    (folder / "users.txt").write_text(f'"parley_authenticator" "{behind.get("password", "")}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""
[databases]
* = host={behind["host"]} port={behind.get("port", 5432)}
[pgbouncer]
listen_addr =
listen_port = {PORT}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 1
server_reset_query = discard all
server_reset_query_always = 1
"""
    )
    for path in (folder, *folder.iterdir()):
        os.chown(path, uid, -1)
    process = subprocess.Popen(
        [program, "-q", str(folder / "pgbouncer.ini")], user=uid if os.geteuid() == 0 else None, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 10
        while not (folder / f".s.PGSQL.{PORT}").exists():
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield {
            "dbname": behind["dbname"],
            "user": behind["user"],
            "host": str(folder),
            "port": PORT,
            "prepare_threshold": None,
        }
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def test_nothing_happens_that_the_rules_do_not_allow(world: World, bouncer: dict[str, Any]) -> None:
    outcome = attack_tables(world, target=bouncer)
    assert not outcome.wrong, "\n".join(outcome.wrong[:40])
    assert outcome.attacks > 4000


def _nobody(connection: psycopg.Connection[Any]) -> None:
    assert connection.execute(_CLAIMS).fetchone() == ("parley_authenticator", "", "")


def test_claims_end_with_their_transaction(world: World, bouncer: dict[str, Any]) -> None:
    ben = actors(world)[0]
    with psycopg.connect(**bouncer, autocommit=True) as one, psycopg.connect(**bouncer, autocommit=True) as two:
        for _ in range(20):
            with acting(one, ben):
                assert one.execute("select count(*) from users").fetchone() != (0,)
            _nobody(two)
            _nobody(one)


def test_what_a_client_leaves_behind_reaches_nobody(world: World, bouncer: dict[str, Any]) -> None:
    """Even claims set for the whole session, which our code never does, are gone before the next client."""
    ben = actors(world)[0]
    with (
        psycopg.connect(**bouncer, autocommit=True) as careless,
        psycopg.connect(**bouncer, autocommit=True) as next_one,
    ):
        careless.execute(
            "select set_config('jwt.claims.org_id', %s, false), set_config('jwt.claims.user_id', %s, false), "
            "set_config('jwt.claims.role', 'trainee', false), set_config('role', 'parley_authenticated', false)",
            [ben.org_id, ben.user_id],
        )
        _nobody(next_one)


def test_a_client_that_dies_in_its_transaction_leaves_nothing(world: World, bouncer: dict[str, Any]) -> None:
    ben = actors(world)[0]
    for _ in range(5):
        dying = psycopg.connect(**bouncer)
        dying.execute(
            "select set_config('jwt.claims.org_id', %s, true), set_config('role', 'parley_service', true)", [ben.org_id]
        )
        dying.pgconn.finish()
        with psycopg.connect(**bouncer, autocommit=True) as next_one:
            _nobody(next_one)


def test_many_people_at_once_see_only_their_own(world: World, bouncer: dict[str, Any]) -> None:
    people = [actor for actor in actors(world) if actor.rule or actor.name == "foreign admin"]
    wrong: list[str] = []

    def work(actor: Actor) -> None:
        with psycopg.connect(**bouncer, autocommit=True) as connection:
            for _ in range(60):
                with acting(connection, actor):
                    seen = {str(row[0]) for row in connection.execute("select distinct org_id from users").fetchall()}
                if seen != {actor.org_id}:
                    wrong.append(f"{actor.name} saw {seen}")

    threads = [threading.Thread(target=work, args=[actor]) for actor in people * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:5]
