"""How long each role's dashboard and its lists take on the server, and how many queries they ask.

    .venv/bin/python benchmarks/bench_dashboards.py --folder DATA --json

DATA is a folder that bench_data.py filled (`--folder`); migrations that it lacks are applied, rollups refreshed. The
readers are those of the largest organisation: an admin, HR, the manager of a region (everybody below) and its busiest
rep. Each page is asked for through all of Django's middleware, as a browser would, and timed without the network.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

PAGES = {
    "trainee": ("/dashboard/", "/dashboard/?weeks=52", "/attempts/", "/assignments/"),
    "manager": ("/dashboard/", "/dashboard/?weeks=52", "/team/", "/team/calls/", "/assignments/", "/leaderboard/"),
    "admin": ("/dashboard/", "/dashboard/?weeks=52", "/team/", "/team/calls/"),
    "hr": ("/dashboard/", "/dashboard/?weeks=52", "/assignments/?state=overdue"),
}


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, required=True, help="a data folder of bench_data.py or parley seed")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    from benchmarks.filled import opened

    with opened(asked.folder, quiet=asked.json):
        found = measure(asked.runs)
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(runs: int) -> dict[str, Any]:
    """By role and page: p50 and p95 in ms, queries, and bytes of the answer."""
    from django.db import connections

    from benchmarks.filled import largest_org

    refresh_s = _refresh()
    org, attempts = largest_org()
    with connections["owner"].cursor() as owner:
        owner.execute("select count(*) from fact_scenario_attempts where org_id = %s", [org])
        (in_org,) = owner.fetchone() or (0,)
    found: dict[str, Any] = {
        "attempts": attempts,
        "in_largest_org": in_org,
        "cores": os.cpu_count(),
        "refresh_s": refresh_s,
    }
    found["load_1m"] = round(os.getloadavg()[0], 1)
    found["pages"] = {role: _pages(org, role, paths, runs) for role, paths in PAGES.items()}
    return found


def _refresh() -> float:
    from parley.core.tenancy import acting_as_service
    from parley.reporting import actions

    begun = time.monotonic()
    with acting_as_service("The benchmark refreshes."):
        actions.refresh_reporting()
    return round(time.monotonic() - begun, 1)


def _pages(org: Any, role: str, paths: tuple[str, ...], runs: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.filled import identity, somebody

    client = Client()
    client.force_login(identity(somebody(org, role)))
    found = {}
    for path in paths:
        for _ in range(3):
            answer = client.get(path)
            assert answer.status_code == 200, (role, path, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        times = []
        for _ in range(runs):
            begun = time.perf_counter()
            client.get(path)
            times.append(1000 * (time.perf_counter() - begun))
        cuts = statistics.quantiles(times, n=20)
        found[path] = {
            "p50_ms": round(statistics.median(times), 1), "p95_ms": round(cuts[18], 1), "queries": len(queries),
            "queries_ms": round(1000 * sum(float(query["time"]) for query in queries.captured_queries), 1),
            "bytes": len(answer.content),
        }  # fmt: skip
    return found


if __name__ == "__main__":
    main()
