"""What telling open pages costs those who write: commits per second of events that NOTIFY, against the same without.

    .venv/bin/python benchmarks/bench_notify.py --json

PostgreSQL lets one transaction that notifies commit at a time, disk and all; others commit together. PostgreSQL's own
`pgbench` inserts one event per transaction, from 1 to 32 connections, into `events` and into a copy without the trigger
`tell`, in turn. The database is its own, durable as in production, with one listener as every web process has.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

CLIENTS = (1, 8, 32)
INSERT = """
    insert into {table} (org_id, event, subject_type, subject_id, at, data)
    values ('{org}', 'call.finished', 'attempt', gen_random_uuid(), now(), '{{}}');
"""


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=int, default=5, help="how long each kind is measured, each of --rounds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    from benchmarks.filled import opened

    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        Path(folder).chmod(0o755)
        with opened(Path(folder), quiet=asked.json):
            found = measure(Path(folder), asked.seconds, asked.rounds)
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(folder: Path, seconds: int, rounds: int) -> dict[str, Any]:
    """By connections: medians of commits per second with and without, and their ratio in pairs."""
    import psycopg

    from parley.core.embedded.binaries import find_bin_dir

    address = os.environ["DATABASE_OWNER_URL"]
    scripts = {}
    with psycopg.connect(address, autocommit=True) as owner, psycopg.connect(address, autocommit=True) as listener:
        owner.execute("create table events_silent (like events including all)")
        listener.execute("listen parley_live")
        for table in ("events", "events_silent"):
            scripts[table] = folder / f"{table}.sql"
            scripts[table].write_text(INSERT.format(table=table, org="0b8f4c1e-6d1f-4f0a-9a53-2f3f9a3f5a11"))
        found = {}
        for clients in CLIENTS:
            pairs = [
                [_run(find_bin_dir(), address, scripts[table], clients, seconds) for table in scripts]
                for _ in range(rounds)
            ]
            found[str(clients)] = {
                "with_notify_tps": round(statistics.median(told for told, _ in pairs)),
                "without_tps": round(statistics.median(silent for _, silent in pairs)),
                "ratio": round(statistics.median(told / silent for told, silent in pairs), 2),
            }
    return {"cores": os.cpu_count(), "load_1m": round(os.getloadavg()[0], 1), "connections": found}


def _run(bin_dir: Path, address: str, script: Path, clients: int, seconds: int) -> float:
    command = [f"{bin_dir}/pgbench", "-n", f"-c{clients}", "-j2", f"-T{seconds}", f"-f{script}", address]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"tps = ([0-9.]+)", answer)
    assert match, answer
    return float(match[1])


if __name__ == "__main__":
    main()
