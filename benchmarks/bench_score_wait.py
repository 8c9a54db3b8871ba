"""From hanging up to a visible score: `python benchmarks/bench_score_wait.py --calls 12 --json`.

Starts an installation of its own (as `bin/up` does, embedded parts alone), speaks recorded turns into calls in real
time, hangs up, and asks for the attempt's status as an open review page does. `told` and `scored` are counted from
the moment at which the rep hangs up: to the end of the call being told, and to the score being there. `sql` is what
compute_kpis and compute_score alone take for the same transcripts on the same machine, and `ratio` is p50 of the wait
against it: what the way there (second recognition, recording, job, feedback) adds. Run it on an otherwise idle machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from parley.voice.client import HeadlessRep, read_turn  # noqa: E402
from parley.voice.site import FINAL, Site  # noqa: E402
from tests.run.up import Up  # noqa: E402

TURNS = sorted((ROOT / "benchmarks" / "data").glob("turn*.flac"))
SCENARIO = "s01-inbound-rate-shopper"
TURNS_PER_CALL = 4
LOOK_EVERY_S = 0.05


async def hold_call(site: Site, turns: list[bytes], seed: int) -> tuple[str, float, float]:
    """One call. Returns the attempt's id, and the seconds from hanging up to its end and to its score."""
    started = site.start(SCENARIO, seed=seed)
    async with HeadlessRep(site.websocket_url(started)) as rep:
        await rep.listen()
        for pcm in turns:
            if rep.ended is None:
                await rep.say(pcm)
                await rep.listen()
        hung_up = time.monotonic()
        await rep.hang_up()
        told = time.monotonic() - hung_up
    attempt_id = str(started["attempt_id"])
    while (await asyncio.to_thread(site.status, attempt_id))["status"] not in FINAL:
        await asyncio.sleep(LOOK_EVERY_S)
    return attempt_id, told, time.monotonic() - hung_up


def sql_seconds(data: Path, attempt_ids: list[str]) -> list[float]:
    """What KPIs and score of these attempts take in SQL alone."""
    code = """
import json, sys, time
from parley.commands.local import local_django
from pathlib import Path
with local_django(Path(sys.argv[1]), migrated=False):
    from django.db import connections
    seconds = []
    with connections["owner"].cursor() as cursor:
        for attempt_id in sys.argv[2:]:
            begun = time.perf_counter()
            cursor.execute(
                "select compute_score(compute_kpis(t.transcript, a.rubric), a.rubric) from scenario_attempts as a "
                "join attempt_transcripts as t on t.attempt_id = a.id where a.id = %s", [attempt_id]
            )
            cursor.fetchall()
            seconds.append(time.perf_counter() - begun)
    print(json.dumps(seconds))
"""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "PARLEY_"))}
    done = subprocess.run(
        [sys.executable, "-c", code, str(data), *attempt_ids], cwd=ROOT, env=clean, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return [float(s) for s in json.loads(done.stdout.splitlines()[-1])]


def spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_s": round(statistics.median(ordered), 3),
        "p95_s": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
    }


def measure(calls: int) -> dict[str, Any]:
    """Hold the calls one after another and put the figures together."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        parley = Up(folder)
        try:
            parley.until_ready()
            ids, told, scored = [], [], []
            with Site(f"http://127.0.0.1:{parley.port}") as site:
                site.sign_in_as_demo()
                for number in range(calls):
                    turns = [read_turn(TURNS[(number * 5 + k) % len(TURNS)]) for k in range(TURNS_PER_CALL)]
                    attempt_id, told_s, scored_s = asyncio.run(hold_call(site, turns, number + 1))
                    ids.append(attempt_id)
                    told.append(told_s)
                    scored.append(scored_s)
            sql = sql_seconds(folder / "data", ids)
        finally:
            parley.end()
    result = {
        "calls": calls,
        "told": spread(told),
        "scored": spread(scored),
        "sql": spread(sql),
        "cores": os.cpu_count(),
    }
    return result | {"ratio": round(statistics.median(scored) / statistics.median(sql), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description="From hanging up to a visible score.")
    parser.add_argument("--calls", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.calls < 1:
        parser.error(f"--calls {asked.calls}: hold at least one call.")
    result = measure(asked.calls)
    if asked.json:
        print(json.dumps(result))
    else:
        for name in ("told", "scored", "sql"):
            print(f"{name:>7}: p50 {result[name]['p50_s']} s, p95 {result[name]['p95_s']} s")


if __name__ == "__main__":
    main()
