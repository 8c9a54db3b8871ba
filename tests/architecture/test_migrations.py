"""Migrations run while people use the installation: none stops readers or writers of a table that grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader

from parley.core import migrating
from parley.core.migrating import Busy, IndexConcurrently, migrate_patiently
from tests.tenancy.attack.world import dsn

GROWS = {
    "calls": {"attempt", "transcript", "words", "recording", "liveutterance"},
    "reporting": {"factattempt", "factkpievent"},
    "core": {"event", "auditentry"},
    "integrations": {"webhookdelivery"},
    "scoring": {"override", "dispute"},
}
BASELINE = {"calls.0001_initial", "core.0001_initial", "core.0003_data_foundation"}
"""Before there was anything to stop."""
SLOW = (
    operations.AddIndex,
    operations.AddConstraint,
    operations.AlterField,
    operations.AlterUniqueTogether,
    operations.RemoveIndex,
)


def _migrations() -> Iterator[Migration]:
    for (app, _), migration in MigrationLoader(None).disk_migrations.items():
        if app in GROWS and apps.get_app_config(app).name.startswith("parley."):
            yield migration


def test_every_table_that_grows_is_a_model_of_ours() -> None:
    for app, names in GROWS.items():
        assert names <= {model._meta.model_name for model in apps.get_app_config(app).get_models()}, app


def test_what_scans_a_table_that_grows_does_so_concurrently() -> None:
    wrong = []
    for migration in _migrations():
        if f"{migration.app_label}.{migration.name}" in BASELINE:
            continue
        made = {op.name_lower for op in migration.operations if isinstance(op, operations.CreateModel)}
        for op in migration.operations:
            model = getattr(op, "model_name_lower", getattr(op, "model_name", "")).lower()
            if model not in GROWS[migration.app_label] - made:
                continue
            with_reference = isinstance(op, operations.AddField) and op.field.remote_field is not None
            if isinstance(op, SLOW) or with_reference:
                wrong.append(f"{migration.app_label}.{migration.name}: {op.describe()}")
    assert not wrong, (
        f"{wrong}: build indexes with IndexConcurrently, add constraints `not valid` in SQL and validate them in the "
        "next migration; keep the models' state by SeparateDatabaseAndState."
    )


def test_concurrent_indexes_stand_in_migrations_that_are_not_atomic() -> None:
    found = 0
    for migration in _migrations():
        if any(isinstance(op, IndexConcurrently) for op in migration.operations):
            assert migration.atomic is False, migration
            found += 1
    assert found >= 2


def test_models_and_database_agree_on_the_indexes(db: None) -> None:
    with psycopg.connect(**dsn("owner")) as owner:
        rows = owner.execute("select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid")
        there = dict(rows.fetchall())
    for app, names in GROWS.items():
        for name in names:
            for index in apps.get_model(app, name)._meta.indexes:
                assert there.get(index.name) is True, index.name


def _hold_lock(seconds: float, ready: threading.Event) -> None:
    with psycopg.connect(**dsn("owner")) as owner:
        owner.execute("lock table teams in access exclusive mode")
        ready.set()
        time.sleep(seconds)


@pytest.fixture
def busy(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Something to migrate (the newest of accounts again), while somebody holds a lock that it needs."""
    monkeypatch.setattr(migrating, "PAUSE_S", 0.1)

    def begin(seconds: float) -> threading.Thread:
        ready = threading.Event()
        holder = threading.Thread(target=_hold_lock, args=(seconds, ready))
        holder.start()
        assert ready.wait(10)
        return holder

    return begin


def test_a_migration_that_finds_a_lock_lets_others_pass_and_comes_again(busy: Any) -> None:
    told: list[str] = []
    holder = busy(1.0)
    _migrate_teams(told.append)
    holder.join()
    assert told[0] == "The database is busy; trying the migration again."


def test_after_many_tries_it_says_what_to_do(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "TRIES", 2)
    holder = busy(2.0)
    with pytest.raises(Busy, match=r"waited 2 times for a lock.*pg_stat_activity"):
        _migrate_teams(lambda _: None)
    holder.join()


def _migrate_teams(tell: Callable[[str], object]) -> None:
    """Run the migrations as `parley migrate` does, with one in front that wants `teams` for itself."""

    def wants_teams(*args: Any, **options: Any) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("alter table teams alter column name set not null")
        call_command(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "call_command", wants_teams)
        migrate_patiently(verbosity=0, tell=tell)
