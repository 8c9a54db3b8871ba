"""How long a batch of attempts takes to be written, scored, put into facts and refreshed, and how fast it is read then.

    .venv/bin/python benchmarks/bench_data.py --attempts 10000 --json

Brings its own PostgreSQL in a temporary folder, durable as in production, and removes it. `score_s` computes KPIs and
score of the batch from transcript and rubric and writes them, by one statement on each of as many connections as
cores: `score_cpu_ms` is the CPU that a call takes, `score_cores` how many cores were busy. With `--score N` only N
attempts are computed and the time is scaled up, which `scored` tells. `rls_ratio` is the worst of the reporting
queries: its median as a member over that of the same query without row-level security (data_reads.py). `events_s` is
what counted things take, scaled up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=0, help="people in all; default attempts / 40")
    parser.add_argument("--orgs", type=int, default=5)
    parser.add_argument("--score", type=int, default=0, help="compute KPIs of this many attempts only; default all")
    parser.add_argument("--folder", type=Path, help="keep the database here; when it is filled already, only read it")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    tell: Callable[[str], object] = (lambda _: None) if asked.json else print
    from benchmarks.filled import opened

    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        stack.enter_context(opened(folder, quiet=asked.json, migrated=False))
        found = read_again() or measure(asked.attempts, asked.users, asked.orgs, asked.score, tell)
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def read_again() -> dict[str, Any]:
    """What reading a database takes that was filled before; empty when this one is new."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", database="owner", verbosity=0)
    with connections["owner"].cursor() as owner:
        owner.execute("select count(*) from fact_scenario_attempts")
        (attempts,) = owner.fetchone() or (0,)
    return _reads_of(attempts) if attempts else {}


def measure(attempts: int, users: int, orgs: int, score: int, tell: Callable[[str], object]) -> dict[str, Any]:
    """Write, score, put into facts, refresh, read."""
    from django.db import connections

    from parley.core.tenancy import acting_as_service
    from parley.reporting import actions
    from parley.reporting.seeding import seed_history

    people = users or min(5000, max(120, attempts // 40))
    report = seed_history(orgs=orgs, users=people, attempts=attempts, seed=1, tell=tell)
    scored = min(score or attempts, attempts, report.transcripts)
    begun = time.monotonic()
    cpu_s = _score(scored)
    took_s = time.monotonic() - begun
    score_s = took_s * attempts / scored
    tell(f"scored {scored:,} in {score_s * scored / attempts:.1f} s")
    with acting_as_service("The benchmark writes facts."):
        facts_s = _timed(actions.write_facts)
    few = min(attempts, 200)
    with acting_as_service("The benchmark writes what was counted."):
        events_s = _timed(lambda: actions.write_kpi_events(few)) * min(attempts, report.transcripts) / few
    with acting_as_service("The benchmark refreshes."):
        refresh_s = _timed(actions.refresh_reporting)
    tell(f"facts {facts_s:.1f} s, refresh {refresh_s:.1f} s")
    with connections["owner"].cursor() as cursor:
        cursor.execute("analyze")
    return {
        **_reads_of(attempts),
        "orgs": orgs,
        "users": people,
        "pool_s": round(report.pool_s, 2),
        "insert_s": round(report.insert_s, 2),
        "score_s": round(score_s, 2),
        "scored": scored,
        "score_cpu_ms": round(1000 * cpu_s / scored, 2),
        "score_cores": round(cpu_s / took_s, 2),
        "facts_s": round(facts_s, 2),
        "refresh_s": round(refresh_s, 2),
        "events_s": round(events_s, 2),
        "total_s": round(report.insert_s + score_s + facts_s + refresh_s, 2),
    }


def _reads_of(attempts: int) -> dict[str, Any]:
    load = round(os.getloadavg()[0], 1)
    queries = _read()
    return {
        "attempts": attempts,
        "cores": os.cpu_count(),
        "load_1m": load,
        "queries": queries,
        "rls_ratio": max(query["rls_ratio"] for query in queries.values()),
    }


def _score(count: int) -> float:
    """Compute and write KPIs and score of the newest attempts, one statement on each of as many connections as cores.

    Returns the seconds of CPU that the connections' processes took; 0 where the system does not tell.
    """
    from parley.calls.models import Attempt
    from parley.core.tenancy import acting_as_service

    with acting_as_service("The benchmark scores."):
        newest = list(Attempt.objects.order_by("-created_at").values_list("id", flat=True)[:count])
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as threads:
        shares = list(threads.map(_score_share, [newest[k::cores] for k in range(cores)]))
    assert sum(done for done, _ in shares) == count
    return sum(cpu_s for _, cpu_s in shares)


def _score_share(ids: list[Any]) -> tuple[int, float]:
    """Score these attempts by a connection of its own; how many, and seconds of CPU."""
    from django.db import connection

    from parley.core.tenancy import acting_as_service
    from parley.scoring.actions import score_attempts

    try:
        with acting_as_service("The benchmark scores."), connection.cursor() as cursor:
            # The other cores have connections of their own.
            cursor.execute("set local max_parallel_workers_per_gather = 0")
            cursor.execute("select pg_backend_pid()")
            (pid,) = cursor.fetchone() or (0,)
            begun = _cpu_s(pid)
            return score_attempts(ids), _cpu_s(pid) - begun
    finally:
        connection.close()


def _cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has taken, by /proc; 0 without it."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read() -> dict[str, dict[str, float]]:
    """Each query as its reader and without row-level security; see data_reads.py."""
    from django.db import connections

    from benchmarks.data_reads import measure_reads
    from benchmarks.filled import largest_org, somebody

    org, _ = largest_org()
    with connections["owner"].cursor() as owner:
        owner.execute("select max(month) from mv_leaderboard_month where org_id = %s", [org])
        (month,) = owner.fetchone() or (None,)
    return measure_reads(org, month, {role: somebody(org, role) for role in ("admin", "manager", "trainee")})


def _timed(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
