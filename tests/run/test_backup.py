"""A drill: back up an installation, lose it, restore it elsewhere, and find everything again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from parley.core.embedded import EmbeddedPostgres

PROJECT = Path(__file__).parents[2]


def _parley(*words: str) -> subprocess.CompletedProcess[str]:
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "PARLEY_", "DJANGO_"))
    }
    env.pop("SECRET_KEY", None)
    command = [sys.executable, "-c", "from parley.cli import main; main()", *words]
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)


def _content(data: Path) -> dict[str, Any]:
    server = EmbeddedPostgres(data / "postgres")
    server.start()
    try:
        with psycopg.connect(server.urls()["DATABASE_OWNER_URL"]) as owner:
            names = [
                row[0]
                for row in owner.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
            ]
            sums = {
                name: owner.execute(
                    psycopg.sql.SQL("select count(*), md5(string_agg(t::text, '|' order by t::text)) from {} t").format(
                        psycopg.sql.Identifier(name)
                    )
                ).fetchone()
                for name in names
            }
            board = owner.execute("select count(*) from mv_leaderboard_month").fetchone()
            policies = owner.execute("select count(*) from pg_policies where schemaname = 'public'").fetchone()
            grants = owner.execute(
                "select count(*) from information_schema.role_table_grants where grantee = 'parley_authenticated'"
            ).fetchone()
    finally:
        server.stop()
    return {"tables": sums, "board": board, "policies": policies, "grants": grants}


@pytest.mark.slow
def test_what_was_backed_up_comes_back(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "parley.tar.gz"
    seeded = _parley("seed", "--orgs", "1", "--users", "8", "--attempts", "20", "--data", str(old), "--json")
    assert seeded.returncode == 0, seeded.stderr
    recording = old / "buckets" / "recordings" / "org" / "call.flac"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(os.urandom(5000))
    before = _content(old)
    assert before["tables"]["scenario_attempts"][0] == 20

    made = _parley("backup", str(file), "--data", str(old))
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o077 == 0
    again = _parley("restore", str(file), "--data", str(old))
    assert again.returncode == 1
    assert "already" in again.stderr

    restored = _parley("restore", str(file), "--data", str(new))
    assert restored.returncode == 0, restored.stderr
    assert _content(new) == before
    assert (new / "buckets/recordings/org/call.flac").read_bytes() == recording.read_bytes()
    assert (new / "secret-key").read_text() == (old / "secret-key").read_text()


@pytest.mark.slow
def test_a_damaged_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "broken.tar.gz"
    file.write_bytes(b"not a backup")
    done = _parley("restore", str(file), "--data", str(tmp_path / "new"))
    assert done.returncode == 1
    assert "no backup of Parley" in done.stderr


def test_data_kept_outside_of_a_closed_folder_is_there_after_a_restart(tmp_path: Path) -> None:
    """Root has to keep it elsewhere, because PostgreSQL does not run as root."""
    tmp_path.chmod(0o700)
    for restart in (False, True):
        server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
        server.start()
        try:
            with psycopg.connect(server.urls()["DATABASE_OWNER_URL"], autocommit=True) as owner:
                if not restart:
                    owner.execute("create table kept (x int)")
                assert owner.execute("select count(*) from kept").fetchone() == (0,)
        finally:
            server.stop()
