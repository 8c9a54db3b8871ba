"""How long migrations on a full database keep others out: the longest strong lock, the longest wait of others.

    .venv/bin/python benchmarks/bench_data.py --attempts 1000000 --folder var/full
    .venv/bin/python benchmarks/bench_migrations.py --folder var/full --json

Takes the migrations of a filled database back and applies them again as `parley migrate` does. Meanwhile one connection
reads and one writes attempts as the product does, and a third looks 200 times a second who holds a lock that stops
readers or writers of a large table. `--deep` goes back to before the data foundation, which empties reporting tables.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SHALLOW = (("reporting", "0005"), ("scoring", "0002"), ("calls", "0008"), ("accounts", "0007"))
DEEP = (("reporting", "zero"), ("calls", "0002"))
STRONG = ("AccessExclusiveLock", "ExclusiveLock", "ShareRowExclusiveLock", "ShareLock")
LARGE = """
    select oid, relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 20000
"""
HELD = "select relation, mode from pg_locks where granted and relation = any(%s) and mode = any(%s)"


class Watch:
    """Three connections beside the migration: one looks at locks, one reads, one writes."""

    def __init__(self, where: Callable[[str], dict[str, Any]]) -> None:
        self.where, self.over = where, threading.Event()
        self.locks: dict[str, float] = {}
        """Longest span in ms by table and mode."""
        self.waits: dict[str, float] = {}
        self.threads = [
            threading.Thread(target=self._look),
            threading.Thread(target=self._try, args=("reader", "select score from scenario_attempts where id = %s")),
            threading.Thread(
                target=self._try, args=("writer", "update scenario_attempts set heartbeat_at = now() where id = %s")
            ),
        ]

    def __enter__(self) -> Watch:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _look(self) -> None:
        with psycopg.connect(**self.where("owner"), autocommit=True) as owner:
            names = dict(owner.execute(LARGE).fetchall())
            since: dict[tuple[int, str], float] = {}
            while not self.over.is_set():
                now = time.perf_counter()
                held = set(owner.execute(HELD, [list(names), list(STRONG)]).fetchall())
                since = {lock: since.get(lock, now) for lock in held}
                for (relation, mode), begun in since.items():
                    name = f"{names[relation]} {mode}"
                    self.locks[name] = max(self.locks.get(name, 0.0), (time.perf_counter() - begun) * 1000)
                time.sleep(0.005)

    def _try(self, name: str, sql: str) -> None:
        with psycopg.connect(**self.where("default"), autocommit=True) as connection:
            connection.execute("set role parley_service")
            row = connection.execute("select id from scenario_attempts limit 1").fetchone()
            while not self.over.is_set():
                begun = time.perf_counter()
                connection.execute(sql, row, prepare=False)
                self.waits[name] = max(self.waits.get(name, 0.0), (time.perf_counter() - begun) * 1000)
                time.sleep(0.005)


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, required=True, help="a database that bench_data.py filled")
    parser.add_argument("--deep", action="store_true", help="go back to before the data foundation")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    from benchmarks.filled import opened

    with opened(asked.folder, quiet=asked.json, migrated=False):
        found = measure(DEEP if asked.deep else SHALLOW, (lambda _: None) if asked.json else print)
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(back_to: tuple[tuple[str, str], ...], tell: Callable[[str], object]) -> dict[str, Any]:
    """Go back, go forward again one migration at a time, and watch."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from benchmarks.data_reads import where
    from parley.core.migrating import LOCK_WAIT_MS, migrate_patiently

    with connections["owner"].cursor() as owner:
        owner.execute("select reltuples::bigint from pg_class where relname = 'scenario_attempts'")
        (attempts,) = owner.fetchone() or (0,)
    for app, name in back_to:
        tell(f"Going back to {app} {name}")
        migrate_patiently(verbosity=0, target=(app, name))
    executor = MigrationExecutor(connections["owner"])
    plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    rows: list[dict[str, Any]] = []
    for migration in plan:
        begun = time.perf_counter()
        with Watch(where) as watch:
            migrate_patiently(verbosity=0, target=(migration.app_label, migration.name))
        row = {
            "migration": f"{migration.app_label}.{migration.name}",
            "took_s": round(time.perf_counter() - begun, 2),
            "longest_lock_ms": round(max(watch.locks.values(), default=0.0), 1),
            "longest_lock": max(watch.locks, key=lambda name: watch.locks[name], default=""),
            "reader_waited_ms": round(watch.waits.get("reader", 0.0), 1),
            "writer_waited_ms": round(watch.waits.get("writer", 0.0), 1),
        }
        tell(json.dumps(row))
        rows.append(row)
    return {
        "attempts": attempts,
        "cores": os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 1),
        "lock_timeout_ms": LOCK_WAIT_MS,
        "longest_lock_ms": max((row["longest_lock_ms"] for row in rows), default=0.0),
        "migrations": rows,
    }


if __name__ == "__main__":
    main()
