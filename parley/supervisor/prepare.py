"""Bring database and library up to date in one Django start: `python -m parley.supervisor.prepare [--demo]`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import django
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date(tell: Callable[[str], object] | None = None) -> None:
    """Migrate as owner, when the code is newer than the database."""
    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        if tell:
            tell(f"{len(waiting)} migrations to apply")
        from parley.core.migrating import migrate_patiently

        migrate_patiently(verbosity=0 if tell else 1, tell=tell)


def main() -> None:
    """Migrate, on request make the demo organisation (prints its sign-ins), and give all organisations the library."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
    django.setup()
    bring_up_to_date()
    if "--demo" in sys.argv[1:]:
        call_command("load_demo")
        call_command("load_demo_history")
    call_command("load_library")


if __name__ == "__main__":
    main()
