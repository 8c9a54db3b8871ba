"""How long search takes on the server, as each role asks it, against the same words asked of the tables by ILIKE.

    .venv/bin/python benchmarks/bench_search.py --folder DATA --json

DATA is a folder that bench_data.py filled (`--folder`); migrations that it lacks are applied. Words are names, titles,
beginnings, two words, slips of the fingers and nonsense, of the largest organisation. `page` is the answer of
/search/?part through all of Django's middleware, what the command menu asks for; `search_all` is its SQL alone; `ilike`
finds scenarios and people only, whole parts of words only, under the reader's row-level security. All in turn.
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

ROLES = ("trainee", "manager", "admin", "hr")
ILIKE = """
    select id::text, title from scenarios
    where status = 'published' and concat_ws(' ', title, code, vertical, summary) ilike %(like)s
    union all
    select id::text, last_name from users
    where is_active and concat_ws(' ', first_name, last_name, email) ilike %(like)s
"""


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, required=True, help="a data folder of bench_data.py or parley seed")
    parser.add_argument("--runs", type=int, default=15, help="how often each word is asked by each role")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    from benchmarks.filled import opened

    with opened(asked.folder, quiet=asked.json):
        found = measure(asked.runs)
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(runs: int) -> dict[str, Any]:
    """By role: p50 and p95 in ms over all words, of the page, its SQL, and ILIKE; the slowest word; hits."""
    from django.db import connections

    from benchmarks.filled import largest_org

    org, attempts = largest_org()
    with connections["owner"].cursor() as owner:
        owner.execute("analyze users, scenarios, tracks")
        words = _words(owner, org)
        owner.execute("select count(*) from users where org_id = %s", [org])
        (people,) = owner.fetchone() or (0,)
    return {
        "attempts": attempts,
        "people_in_largest_org": people,
        "cores": os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 1),
        "words": len(words),
        "roles": {role: _ask_as(role, org, words, runs) for role in ROLES},
    }


def _words(owner: Any, org: Any) -> list[str]:
    owner.execute("select first_name, last_name from users where org_id = %s order by id limit 6", [org])
    people = owner.fetchall()
    owner.execute("select title from scenarios where org_id = %s and status = 'published' order by id limit 4", [org])
    titles = [row[0] for row in owner.fetchall()]
    long = [max(title.split(), key=len) for title in titles]
    first = people[0]
    return [
        *(last for _, last in people[:3]), *(f"{name} {last}" for name, last in people[3:]), *titles, *long,
        first[0][:1], first[0][:2], first[1][:3], f"{first[0]} {first[1][:1]}",
        *(word[:2] + word[3:] for word in (*long, first[1])), "xylophone", "zz", "example", "filler", "override",
    ]  # fmt: skip


def _ask_as(role: str, org: Any, words: list[str], runs: int) -> dict[str, Any]:
    import psycopg
    from django.test import Client

    from benchmarks.data_reads import _act, where
    from benchmarks.filled import identity, somebody

    client, member = Client(), somebody(org, role)
    client.force_login(identity(member))
    times: dict[str, list[float]] = {"page": [], "search_all": [], "ilike": []}
    slowest: dict[str, float] = {}
    hits = 0
    with psycopg.connect(**where("default")) as connection, connection.transaction(force_rollback=True):
        _act(connection, member)
        for turn in range(runs + 1):
            for word in words:
                page = _timed(lambda word=word: client.get("/search/", {"q": word, "part": ""}))
                sql = _timed(lambda word=word: connection.execute("select * from search_all(%s, 6)", [word]).fetchall())
                like = _timed(lambda word=word: connection.execute(ILIKE, {"like": f"%{word}%"}).fetchall())
                if turn:
                    times["page"].append(page[0])
                    times["search_all"].append(sql[0])
                    times["ilike"].append(like[0])
                    slowest[word] = max(slowest.get(word, 0.0), sql[0])
                else:
                    assert page[1].status_code == 200, (role, word)
                    hits += len(sql[1])
    worst = max(slowest, key=lambda word: slowest[word])
    return {
        **{
            name: {
                "p50_ms": round(statistics.median(taken), 2), "p95_ms": round(statistics.quantiles(taken, n=20)[18], 2)
            }
            for name, taken in times.items()
        },
        "slowest": {"word": worst, "ms": round(slowest[worst], 2)},
        "hits": hits,
    }  # fmt: skip


def _timed(action: Any) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = action()
    return 1000 * (time.perf_counter() - begun), answer


if __name__ == "__main__":
    main()
