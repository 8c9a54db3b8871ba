"""Whether it is worth to keep in a process what is made of rows: the library's cards and an organisation's settings.

    .venv/bin/python benchmarks/bench_cache.py --data var --json

Reads the same twice, by turns: anew from the rows, and through the cache, which asks for the versions of the rows each
time. Prints medians in ms and their ratio. Needs an installation with an organisation, such as `bin/up` makes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from parley.commands.local import local_django

ROUNDS = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the installation; default var/ or PARLEY_DATA")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    with local_django(asked.data):
        found = measure()
    if asked.json:
        print(json.dumps(found))
        return
    for name, row in found.items():
        print(f"{name:24} anew {row['anew_ms']:7.2f} ms   kept {row['kept_ms']:7.2f} ms   {row['ratio']:.1f} times")


def measure() -> dict[str, Any]:
    """Medians by what is read."""
    from parley.accounts.models import Org, User
    from parley.accounts.org_settings import org_settings
    from parley.core.tenancy import Member, acting_as, acting_as_service
    from parley.scenarios.cards import card_of, library_cards
    from parley.scenarios.models import Scenario
    from parley.scenarios.queries import library

    with acting_as_service("A benchmark reads as somebody who is there."):
        user = User.objects.filter(is_active=True, role="trainee").order_by("created_at").first()
    if user is None:
        raise SystemExit("There is no rep to read as; run bin/up once, or name another folder with --data.")
    member = Member(user.pk, user.org_id, "trainee")
    with acting_as(member):
        rows = list(Scenario.objects.published())
        size = sum(len(json.dumps([row.rubric, row.branching, row.persona, row.playbook])) for row in rows)
        return {
            f"library ({len(rows)} rows)": _compared(lambda: [card_of(row) for row in library()], library_cards)
            | {"json_bytes": size},
            "organisation": _compared(lambda: Org.objects.get(pk=member.org_id), lambda: org_settings(member.org_id)),
        }


def _compared(anew: Callable[[], Any], kept: Callable[[], Any]) -> dict[str, Any]:
    times: dict[str, list[float]] = {"anew": [], "kept": []}
    for _ in range(ROUNDS):
        for name, read in (("anew", anew), ("kept", kept)):
            began = time.perf_counter()
            read()
            times[name].append((time.perf_counter() - began) * 1000)
    anew_ms, kept_ms = (statistics.median(times[name]) for name in ("anew", "kept"))
    return {"anew_ms": round(anew_ms, 3), "kept_ms": round(kept_ms, 3), "ratio": round(anew_ms / kept_ms, 2)}


if __name__ == "__main__":
    main()
