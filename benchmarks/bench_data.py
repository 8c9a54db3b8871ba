"""How long a batch of attempts takes to be written, scored, put into facts and refreshed, and how fast it is read then.

    .venv/bin/python benchmarks/bench_data.py --attempts 10000 --json

Brings its own PostgreSQL in a temporary folder, durable as in production, and removes it. `score_s` computes KPIs and
score of the batch from transcript and rubric in one statement; with `--score N` only N attempts are computed and the
time is scaled up, which `scored` tells. `rls_ratio` is the worst of the reporting queries: its median as a member over
that of the same rows asked of the same tables without row-level security. `events_s` is what counted things take,
scaled up.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Query = tuple[str, list[Any]]
RUNS = 60


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=0, help="people in all; default attempts / 40")
    parser.add_argument("--orgs", type=int, default=5)
    parser.add_argument("--score", type=int, default=0, help="compute KPIs of this many attempts only; default all")
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
            found = measure(asked.attempts, asked.users, asked.orgs, asked.score, tell)
        finally:
            from django.db import connections

            connections.close_all()
            server.end()
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def measure(attempts: int, users: int, orgs: int, score: int, tell: Callable[[str], object]) -> dict[str, Any]:
    """Write, score, put into facts, refresh, read."""
    from django.core.management import call_command
    from django.db import connections

    from parley.core.tenancy import acting_as_service
    from parley.reporting import actions
    from parley.reporting.seeding import seed_history

    call_command("migrate", database="owner", verbosity=0)
    people = users or min(5000, max(120, attempts // 40))
    report = seed_history(orgs=orgs, users=people, attempts=attempts, seed=1, tell=tell)
    scored = min(score or attempts, attempts, report.transcripts)
    score_s = _timed(lambda: _score(scored)) * attempts / scored
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
    queries, ratios = _read()
    return {
        "attempts": attempts,
        "cores": os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 1),
        "orgs": orgs,
        "users": people,
        "pool_s": round(report.pool_s, 2),
        "insert_s": round(report.insert_s, 2),
        "score_s": round(score_s, 2),
        "scored": scored,
        "facts_s": round(facts_s, 2),
        "refresh_s": round(refresh_s, 2),
        "events_s": round(events_s, 2),
        "total_s": round(report.insert_s + score_s + facts_s + refresh_s, 2),
        "queries": queries,
        "rls_ratio": max(ratios.values()),
        "rls_ratios": ratios,
    }


def _score(count: int) -> None:
    """KPIs and score of the newest attempts: computed by a statement that uses all cores, then written."""
    from parley.calls.models import Attempt
    from parley.core.tenancy import acting_as_service
    from parley.scoring.actions import score_attempts

    with acting_as_service("The benchmark scores."):
        newest = list(Attempt.objects.order_by("-created_at").values_list("id", flat=True)[:count])
        assert score_attempts(newest) == count


def _read() -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """p50 and p95 in ms of each query as its reader, and its median over that without row-level security."""
    from django.db import connection, connections

    from parley.core.tenancy import acting_as

    with connections["owner"].cursor() as owner:
        owner.execute("select org_id from fact_scenario_attempts group by 1 order by count(*) desc limit 1")
        (org,) = owner.fetchone() or (None,)
        owner.execute("select max(month) from mv_leaderboard_month where org_id = %s", [org])
        (month,) = owner.fetchone() or (None,)
        people = {role: _somebody(owner, org, role) for role in ("admin", "manager", "trainee")}
        owner.execute(
            "with recursive below as (select id from teams where manager_id = %s union select t.id from teams t "
            "join below b on t.parent_id = b.id) select array_agg(id), (select array_agg(u.id) from users u "
            "where u.team_id in (select id from below)) from below",
            [people["manager"].user_id],
        )
        teams, managed = owner.fetchone() or ([], [])
    queries, ratios = {}, {}
    asked = _queries(org, month, people["trainee"].user_id, teams, managed)
    for name, (role, member_sql, plain_sql, values) in asked.items():
        with acting_as(people[role]), connection.cursor() as cursor:
            walled, rows = _run(cursor, member_sql, values["member"])
        with connections["owner"].cursor() as cursor:
            plain, plain_rows = _run(cursor, plain_sql, values["plain"])
        assert rows == plain_rows, f"{name}: {rows} rows as {role}, {plain_rows} without row-level security"
        p50, p95 = statistics.median(walled), _p95(walled)
        queries[name] = {"p50_ms": round(p50, 3), "p95_ms": round(p95, 3), "rows": rows}
        ratios[name] = round(p50 / statistics.median(plain), 3)
    return queries, ratios


def _queries(org: Any, month: Any, trainee: Any, teams: Any, managed: Any) -> dict[str, Any]:
    """By name: the reader's role, what they ask, the same without row-level security, and the values of both."""
    board = (
        "select d.name, d.team_name, m.place, m.average_score, m.attempts from mv_leaderboard_month m "
        "join dim_users d on d.user_key = m.user_key where m.org_id = %s and m.month = %s{} order by m.place limit 50"
    )
    board_member = (
        "select user_name, team_name, place, average_score, attempts from leaderboard_month where month = %s "
        "order by place limit 50"
    )
    overview = (
        "select day, sum(attempts), sum(score_sum) / nullif(sum(scored), 0), sum(passed) from {} "
        "where {} day > current_date - 90 group by 1 order by 1"
    )
    insights = "select * from {} order by month, scenario_key"
    own = (
        "select id, score, status, created_at from scenario_attempts where {} user_id = %s "
        "order by created_at desc limit 20"
    )
    trend = (
        "select day, avg(score), count(*) from fact_scenario_attempts where {} user_id = %s group by day order by day"
    )
    latest = (
        "select id, score, created_at from scenario_attempts where {} mode = 'official' "
        "order by created_at desc limit 50"
    )

    def asked(role: str, member: Query, plain: Query) -> tuple[str, str, str, dict[str, Any]]:
        return role, member[0], plain[0], {"member": member[1], "plain": plain[1]}

    of_org = "org_id = %s and"
    return {
        "leaderboard": asked("admin", (board_member, [month]), (board.format(""), [org, month])),
        "leaderboard_of_a_manager": asked(
            "manager",
            (board_member, [month]),
            (board.format(" and m.team_id = any(%s)"), [org, month, teams]),
        ),
        "org_overview": asked(
            "admin", (overview.format("org_overview", ""), []), (overview.format("mv_org_overview", of_org), [org])
        ),
        "scenario_insights": asked(
            "admin",
            (insights.format("scenario_insights"), []),
            (insights.format("mv_scenario_insights where org_id = %s"), [org]),
        ),
        "trainee_attempts": asked("trainee", (own.format(""), [trainee]), (own.format(of_org), [org, trainee])),
        "trainee_progress": asked("trainee", (trend.format(""), [trainee]), (trend.format(of_org), [org, trainee])),
        "managers_latest": asked(
            "manager", (latest.format(""), []), (latest.format(f"{of_org} user_id = any(%s) and"), [org, managed])
        ),
    }


def _somebody(owner: Any, org: Any, role: str) -> Any:
    from parley.core.tenancy import Member

    owner.execute(
        "select u.id from users u left join scenario_attempts a on a.user_id = u.id "
        "where u.org_id = %s and u.role = %s and (%s <> 'manager' or exists (select from teams t "
        "where t.manager_id = u.id and t.kind = 'region')) group by 1 order by count(a.id) desc limit 1",
        [org, role, role],
    )
    return Member(owner.fetchone()[0], org, role)  # type: ignore[arg-type]


def _run(cursor: Any, sql: str, values: list[Any]) -> tuple[list[float], int]:
    took, rows = [], 0
    for _ in range(RUNS + 5):
        begun = time.perf_counter()
        cursor.execute(sql, values)
        rows = len(cursor.fetchall())
        took.append((time.perf_counter() - begun) * 1000)
    return took[5:], rows


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _timed(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
