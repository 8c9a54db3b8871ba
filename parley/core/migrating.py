"""Migrations on a database in use: they wait briefly for locks, and what takes long takes none that stops anybody.

A statement that waits for an exclusive lock makes everybody after it wait too. So a migration gives up after
`LOCK_WAIT_MS`, lets the others pass, and is tried again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.operations.base import Operation

LOCK_WAIT_MS = 200
TRIES = 40
PAUSE_S = 1.5


class Busy(Exception):
    """The database was too busy for a migration; the text says what to do."""


def migrate_patiently(
    *, verbosity: int = 1, tell: Callable[[str], object] | None = None, target: tuple[str, ...] = ()
) -> None:
    """Apply the migrations that wait, as the owner. Raises Busy when a lock was not to be had in about two minutes."""
    for turn in range(1, TRIES + 1):
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"set lock_timeout = {LOCK_WAIT_MS}")
        try:
            call_command("migrate", *target, database="owner", interactive=False, verbosity=verbosity)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03" or turn == TRIES:
                if turn == TRIES:
                    raise Busy(
                        f"A migration waited {TRIES} times for a lock and somebody always held it: {error}. "
                        "Find the longest transaction in pg_stat_activity (xact_start), end it, and migrate again."
                    ) from error
                raise
            connections["owner"].close()
            if tell:
                tell("The database is busy; trying the migration again.")
            time.sleep(PAUSE_S)
        else:
            connections["owner"].close()
            return


class IndexConcurrently(Operation):
    """Build an index while everybody goes on writing. Needs `atomic = False`; safe to run again after an error.

    The models' state learns of the index by `state_operations` beside it.
    """

    reversible = True
    atomic = False

    def __init__(self, name: str, on: str) -> None:
        """`on` is what follows `create index … on`."""
        self.name, self.on = name, on

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.name, self.on], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The index is in the state already."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            # It waits for transactions that began before; giving up in between would leave an index that is not valid.
            cursor.execute("set lock_timeout = 0")
            cursor.execute(
                "select i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid "
                "join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relname = %s",
                [self.name],
            )
            row = cursor.fetchone()
            if row == (False,):
                cursor.execute(f"drop index concurrently {self.name}")
            if row != (True,):
                cursor.execute(f"create index concurrently {self.name} on {self.on}")
            cursor.execute(f"set lock_timeout = {LOCK_WAIT_MS}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"drop index concurrently if exists {self.name}")

    def describe(self) -> str:
        return f"Build index {self.name} concurrently"
