"""How many attempts per second get KPIs and a score: SQL in one statement on all cores, against plain Python.

    .venv/bin/python benchmarks/bench_scoring.py --attempts 1000 --json

Brings its own PostgreSQL in a temporary folder and removes it. Both measure the same transcripts of 60 to 100
utterances by the same rules, and must agree on each: `agree` counts. The reference (`benchmarks/reference`,
one process,
stems known beforehand) has no compliance checks with wordings, so both do without them in `sql_per_s` and
`python_per_s`; `shipped_per_s` is SQL by the rubrics as they are shipped, with all checks. `one_core_per_s` is SQL
without helpers, and `alone_ms` what one call takes whose rubric is not compiled yet.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

_COMPUTE = """
    create unlogged table {table} as
    select c.id, k.kpis, compute_score(k.kpis, r.{rubric}) as score
    from bench_calls as c join bench_rubrics as r on r.key = c.key
    cross join lateral (select compute_kpis(c.transcript, r.{rubric}, r.{rubric}_compiled) as kpis offset 0) as k
"""


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--attempts", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    tell: Callable[[str], object] = (lambda _: None) if asked.json else print
    from parley.core.embedded import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start(None if asked.json else print)
        try:
            os.environ.update(server.urls())
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "parley.settings",
                "PARLEY_DATA": folder,
                "PARLEY_DATABASE_POOL": "0",
                "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
            }
            import django

            django.setup()
            found = measure(asked.attempts, tell)
        finally:
            from django.db import connections

            connections.close_all()
            server.end()
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(attempts: int, tell: Callable[[str], object]) -> dict[str, Any]:
    """Compose calls, measure them both ways, compare."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", database="owner", verbosity=0)
    calls = _compose(attempts)
    tell(f"{attempts} calls composed")
    with connections["owner"].cursor() as cursor:
        plain = _store(cursor, calls)
        cursor.execute("set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0")
        sql_s = _timed(lambda: cursor.execute(_COMPUTE.format(table="bench_plain", rubric="plain")))
        shipped_s = _timed(lambda: cursor.execute(_COMPUTE.format(table="bench_shipped", rubric="rubric")))
        cursor.execute("set max_parallel_workers_per_gather = 0")
        one_s = _timed(lambda: cursor.execute(_COMPUTE.format(table="bench_one", rubric="plain")))
        some = min(50, attempts)
        alone = "select compute_kpis(transcript, rubric) from bench_calls join bench_rubrics using (key) where id < %s"
        alone_s = _timed(lambda: cursor.execute(alone, [some])) / some
        tell(f"SQL: {attempts / sql_s:.0f} per second, with all checks {attempts / shipped_s:.0f}")
        python_s, agree = _by_python(cursor, calls, plain)
    return {
        "attempts": attempts,
        "cores": os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 1),
        "sql_per_s": round(attempts / sql_s, 1),
        "python_per_s": round(attempts / python_s, 1),
        "ratio": round(python_s / sql_s, 2),
        "one_core_per_s": round(attempts / one_s, 1),
        "shipped_per_s": round(attempts / shipped_s, 1),
        "alone_ms": round(1000 * alone_s, 1),
        "agree": agree,
    }


def _compose(attempts: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Calls at the shipped scenarios by reps of every skill, each one of its own."""
    from parley.reporting.seeding.dialogue import converse
    from parley.scenarios.pack import load_packs

    files = load_packs()
    return [
        (files[n % len(files)].key, converse(files[n % len(files)], skill=n % 8 / 7, seed=n)) for n in range(attempts)
    ]


def _store(cursor: Any, calls: list[tuple[str, list[dict[str, Any]]]]) -> dict[str, dict[str, Any]]:
    """Write calls and rubrics, compiled; return the rubrics without checks that have wordings."""
    from parley.reporting.seeding.dialogue import rubric_of
    from parley.scenarios.pack import load_packs

    shipped = {file.key: rubric_of(file) for file in load_packs()}
    plain = {key: _without_wordings(rubric) for key, rubric in shipped.items()}
    cursor.execute("create unlogged table bench_calls (id int, key text, transcript jsonb)")
    cursor.execute("create unlogged table bench_rubrics (key text, rubric jsonb, plain jsonb)")
    with cursor.copy("copy bench_rubrics from stdin") as copy:
        for key in shipped:
            copy.write_row((key, json.dumps(shipped[key]), json.dumps(plain[key])))
    with cursor.copy("copy bench_calls from stdin") as copy:
        for n, (key, transcript) in enumerate(calls):
            copy.write_row((n, key, json.dumps(transcript)))
    cursor.execute("alter table bench_rubrics add rubric_compiled kpi_phrase[], add plain_compiled kpi_phrase[]")
    cursor.execute(
        "update bench_rubrics set rubric_compiled = kpi_compiled(rubric), plain_compiled = kpi_compiled(plain)"
    )
    cursor.execute("analyze bench_calls, bench_rubrics")
    return plain


def _without_wordings(rubric: dict[str, Any]) -> dict[str, Any]:
    checks = [c for c in rubric["compliance"] if not c.get("kind")]
    kept = {c["id"] for c in checks}
    gates = [g for g in rubric["gates"] if g["when"].get("compliance") in kept | {None}]
    return {**rubric, "compliance": checks, "gates": gates}


def _by_python(cursor: Any, calls: list[Any], rubrics: dict[str, dict[str, Any]]) -> tuple[float, int]:
    """Seconds that plain Python takes for all calls, and of how many both say the same."""
    from benchmarks import reference
    from benchmarks.reference.tests.agreement import Stems, as_sql_says

    stem = Stems(cursor)
    for key, transcript in calls:
        reference.kpis(transcript, rubrics[key], stem)  # learns the stems
    begun = time.monotonic()
    found = [reference.kpis(transcript, rubrics[key], stem) for key, transcript in calls]
    scores = [reference.score(kpis, rubrics[key]) for kpis, (key, _) in zip(found, calls, strict=True)]
    took = time.monotonic() - begun
    cursor.execute("select kpis::text, score::text from bench_plain order by id")
    said = [as_sql_says(json.loads(kpis), json.loads(score)) for kpis, score in cursor.fetchall()]
    return took, sum(
        ours == reference.as_json(kpis, score) for ours, kpis, score in zip(said, found, scores, strict=True)
    )


def _timed(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
