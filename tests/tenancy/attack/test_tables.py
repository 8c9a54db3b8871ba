"""Everybody tries everything on every table; the rules say what may happen, the database says what does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.tenancy.attack.attacks import TENANT_TABLES, attack_tables
from tests.tenancy.attack.rules import RULES
from tests.tenancy.attack.world import World, dsn


def _owner(sql: str) -> list[Any]:
    with psycopg.connect(**dsn("owner"), autocommit=True) as owner:
        cursor = owner.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_every_tenant_table_has_rows_and_rules_here(world: World) -> None:
    tables = {row[0] for row in _owner(TENANT_TABLES)}
    assert tables == RULES.keys(), (
        "Say in rules.py who may touch the new table, or remove the rule of one that is gone."
    )
    bare = [name for name in tables if "rival" not in world.rows.get(name, {}) or len(world.rows[name]) < 2]
    assert not bare, f"{sorted(bare)}: write rows of ours and of Rival's in world.py."


def test_nothing_happens_that_the_rules_do_not_allow(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = attack_tables(world)
    with capsys.disabled():
        leaks = sum(name.startswith("LEAK") for name in outcome.wrong)
        print(f"\n{outcome.attacks} attacks on tables, {outcome.granted} rightful, {leaks} leaks")  # noqa: T201
    assert not outcome.wrong, "\n".join(outcome.wrong[:40])
    assert outcome.attacks > 4000


def _policies() -> list[Any]:
    return _owner(
        "select tablename, policyname, cmd, array_to_string(roles, ', '), qual, with_check, permissive "
        "from pg_policies where schemaname = 'public' order by 1, 2"
    )


@contextmanager
def _without(table: str, name: str, cmd: str, roles: str, qual: str | None, check: str | None) -> Iterator[None]:
    _owner(f"drop policy {name} on {table}")
    try:
        yield
    finally:
        using = f" using ({qual})" if qual else ""
        with_check = f" with check ({check})" if check else ""
        _owner(f"create policy {name} on {table} for {cmd} to {roles}{using}{with_check}")


@pytest.mark.slow
def test_without_any_one_policy_the_suite_is_red(world: World) -> None:
    unnoticed = []
    policies = _policies()
    for table, name, cmd, roles, qual, check, permissive in policies:
        assert permissive == "PERMISSIVE"
        if table not in RULES:
            continue
        with _without(table, name, cmd, roles, qual, check):
            if not attack_tables(world, tables=[table]).wrong:
                unnoticed.append(f"{name} on {table}")
    assert not unnoticed, f"Nobody noticed that these policies were gone: {unnoticed}"
    assert len(policies) > 50
    assert _policies() == policies


@pytest.mark.slow
def test_without_row_security_the_suite_finds_leaks(world: World) -> None:
    for table, rule in RULES.items():
        if not rule:
            continue  # nobody has a grant, so there is nothing that policies alone hold back
        _owner(f"alter table {table} disable row level security")
        try:
            wrong = attack_tables(world, tables=[table]).wrong
        finally:
            _owner(f"alter table {table} enable row level security")
        assert any(name.startswith("LEAK") for name in wrong), table
