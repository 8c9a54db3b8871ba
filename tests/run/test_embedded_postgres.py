"""The embedded PostgreSQL: private, shared, recovered after a crash, and gone with its last user."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from parley.core.embedded import EmbeddedPostgres, EmbeddedPostgresError
from parley.core.embedded.server import ROLES_SQL
from tests.run.conftest import PROJECT, Holder, eventually, processes_of

Hold = Callable[[Path], Holder]


def ask(
    server: EmbeddedPostgres, query: LiteralString, *, role: str = "postgres", database: str = "parley"
) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url(role, database), autocommit=True) as connection:
        answer = connection.execute(query)
        return answer.fetchall() if answer.description else []


def test_it_makes_the_five_roles_and_none_is_superuser(server: EmbeddedPostgres) -> None:
    roles = ask(
        server,
        "select rolname, rolcanlogin, rolinherit, rolcreatedb, rolsuper, rolbypassrls, rolcreaterole from pg_roles "
        "where rolname like 'parley%' order by 1",
    )
    assert roles == [
        ("parley_authenticated", False, True, False, False, False, False),
        ("parley_authenticator", True, False, False, False, False, False),
        ("parley_owner", True, True, True, False, False, False),
        ("parley_service", False, True, False, False, False, False),
        ("parley_worker", True, False, False, False, False, False),
    ]


def test_only_the_two_doors_may_become_the_acting_roles_and_inherit_nothing(server: EmbeddedPostgres) -> None:
    members = ask(
        server,
        "select m.member::regrole::text, m.roleid::regrole::text, m.set_option, m.inherit_option, m.admin_option "
        "from pg_auth_members m where m.roleid::regrole::text like 'parley%' order by 1, 2",
    )
    assert members == [
        (door, acts, True, False, False)
        for door in ("parley_authenticator", "parley_worker")
        for acts in ("parley_authenticated", "parley_service")
    ]


def test_the_roles_can_be_made_again_and_by_somebody_who_is_not_superuser(server: EmbeddedPostgres) -> None:
    ask(server, "create role operator login createrole createdb")
    ask(server, "create database elsewhere owner operator")
    operator = server.url("postgres", "elsewhere")
    with psycopg.connect(operator, autocommit=True) as connection:
        # As on a managed PostgreSQL: nobody is superuser, the operator has CREATEROLE and administers what it made.
        for role in ("parley_authenticated", "parley_service", "parley_owner", "parley_authenticator", "parley_worker"):
            connection.execute(f"grant {role} to operator with admin true, inherit false, set false".encode())
        connection.execute("set session authorization operator")
        for _ in range(2):
            connection.execute(ROLES_SQL.read_bytes())
        connection.execute("create database made_for_parley owner parley_owner")
    assert ask(server, "select datdba::regrole::text from pg_database where datname = 'made_for_parley'") == [
        ("parley_owner",)
    ]


def test_it_listens_on_a_private_socket_and_on_no_network(server: EmbeddedPostgres) -> None:
    assert ask(server, "show listen_addresses") == [("",)]
    for private in (server.places.socket_dir, server.places.pgdata):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700, private


def test_a_new_database_has_the_extensions_and_sorts_and_folds_unicode(server: EmbeddedPostgres) -> None:
    ask(server, "select 1", role="parley_owner")
    with psycopg.connect(server.url("parley_owner", "postgres"), autocommit=True) as owner:
        owner.execute("create database fresh")
    assert ask(
        server,
        "select lower('ÄÖ'), unaccent('déjà'), similarity('rate', 'rates') > 0.5",
        role="parley_owner",
        database="fresh",
    ) == [("äö", "deja", True)]


def test_starting_twice_is_harmless_and_the_last_user_stops_it(server: EmbeddedPostgres, hold: Hold) -> None:
    server.start()
    other = hold(server.places.data_dir)
    server.stop()
    assert server.is_running()
    other.terminate()
    assert eventually(lambda: not processes_of(server.places.data_dir)), processes_of(server.places.data_dir)


def test_two_who_start_at_once_share_one_server(folder: Path) -> None:
    command = [sys.executable, "-m", "parley.core.embedded", "start", "--fast", "--data", str(folder / "pg")]
    starters = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {starter.communicate(timeout=60)[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert len(said) == 1
    server = EmbeddedPostgres(folder / "pg")
    assert ask(server, "select 1") == [(1,)]
    server.end()
    assert not processes_of(folder)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_its_user_may_die_in_any_way_and_nothing_is_left_running(
    folder: Path, hold: Hold, sign: signal.Signals
) -> None:
    program = hold(folder / "pg")
    assert len(processes_of(folder)) >= 3
    program.send_signal(sign)
    program.wait(10)
    assert eventually(lambda: not processes_of(folder)), processes_of(folder)


def test_the_keeper_may_be_killed_and_nothing_is_left_running(folder: Path, hold: Hold) -> None:
    hold(folder / "pg")
    server = EmbeddedPostgres(folder / "pg")
    os.kill(int(server.places.keeper_pid.read_text()), signal.SIGKILL)
    assert eventually(lambda: not any("postgres -D" in line for line in processes_of(folder).values()))


def test_what_was_committed_survives_a_kill_of_the_server(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg")
    server.start()
    ask(server, "create table kept as select 42 as answer")
    pid_file = server.places.pgdata / "postmaster.pid"
    os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
    assert eventually(lambda: not server.is_running())
    assert pid_file.exists()
    # The dead server's number may belong to any process by now; PostgreSQL alone would refuse to start.
    pid_file.write_text("\n".join([str(os.getppid()), *pid_file.read_text().splitlines()[1:]]) + "\n")
    server.start()
    assert ask(server, "select answer from kept") == [(42,)]
    server.stop()
    assert not processes_of(folder)


def test_an_interrupted_first_start_is_made_good(folder: Path) -> None:
    half = folder / "pg" / "pgdata.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(folder / "pg", durable=False)
    server.start()
    assert ask(server, "select 1") == [(1,)]
    server.stop()


def test_a_path_too_long_for_a_socket_is_fine(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("deep-" * 12) / ("down-" * 12) / "pg", durable=False)
    server.start()
    assert ask(server, "select 1", role="parley_owner") == [(1,)]
    socket_dir = server.places.socket_dir
    assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    server.stop()
    shutil.rmtree(socket_dir)


def test_a_folder_that_only_root_may_enter_is_fine(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "pg", durable=False)
    server.start()
    assert ask(server, "select 1") == [(1,)]
    server.stop()
    if server.places.home != server.places.data_dir:  # root's data had to go where PostgreSQL's user may enter
        shutil.rmtree(server.places.home)


def test_data_of_another_version_is_refused_with_the_way_out(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", durable=False)
    server.start()
    server.stop()
    (server.places.pgdata / "PG_VERSION").write_text("13\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 13.*PARLEY_PG_BIN"):
        server.start()


def test_a_folder_without_programs_is_refused_with_the_way_out(folder: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"has no postgres and no initdb\. Set PARLEY_PG_BIN"):
        EmbeddedPostgres(folder / "pg", folder).start()
