"""The queries behind dashboards and a trainee's page, as their readers ask them and as an application without row-level
security would: the same statement on the same tables, with organisation, person and teams put in by itself.

Reads that are functions are compared with the same function without claims and rules, so that both have their plans.
A manager's teams are looked up either way: without row-level security the application would have to.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import Any

import psycopg

RUNS = 300
BELOW = """
    with recursive below as (
        select id from teams where org_id = {org} and manager_id = {me}
        union select t.id from teams t join below b on t.parent_id = b.id where t.org_id = {org})
    select array_agg(id) from below
"""
COMPARED = f"""
create function pg_temp.board(org uuid, me uuid, of_month date)
    returns table (user_id uuid, user_name text, team_id uuid, team_name text, place integer, average_score numeric,
        best_score numeric, attempts integer, passed integer, minutes numeric)
    language plpgsql stable as $$
#variable_conflict use_column
declare teams uuid[];
begin
    if me is null then
        return query select m.user_id, d.name::text, m.team_id, d.team_name::text, m.place, m.average_score,
                m.best_score, m.attempts, m.passed, m.minutes
            from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
            where m.org_id = org and m.month = of_month order by m.place, m.user_id limit 50;
    else
        teams := ({BELOW.format(org="org", me="me")});
        return query select m.user_id, d.name::text, m.team_id, d.team_name::text, m.place, m.average_score,
                m.best_score, m.attempts, m.passed, m.minutes
            from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
            where m.org_id = org and m.month = of_month and (m.team_id = any (teams) or m.user_id = me)
            order by m.place, m.user_id limit 50;
    end if;
end $$;
create function pg_temp.overview(org uuid, me uuid, since date) returns table (day date, attempts bigint, scored bigint,
    average_score numeric, passed bigint, goals_hit bigint, compliance_failed bigint, minutes numeric)
    language plpgsql stable as $$
#variable_conflict use_column
declare teams uuid[] := case when me is not null then ({BELOW.format(org="org", me="me")}) end;
begin
    return query select m.day, sum(m.attempts), sum(m.scored), round(sum(m.score_sum) / nullif(sum(m.scored), 0), 1),
            sum(m.passed), sum(m.goals_hit), sum(m.compliance_failed), sum(m.minutes)
        from mv_org_overview m
        where m.org_id = org and m.day >= since and (teams is null or m.team_id = any (teams))
        group by m.day order by m.day;
end $$;
create function pg_temp.insights(org uuid, since date) returns setof mv_scenario_insights language plpgsql stable as $$
begin
    return query select m.* from mv_scenario_insights m
        where m.org_id = org and m.month >= since order by m.month, m.scenario_key;
end $$;
create function pg_temp.progress(org uuid, who uuid) returns table (day date, average_score numeric, attempts bigint)
    language plpgsql stable as $$
#variable_conflict use_column
begin
    return query select f.day, round(avg(f.score), 1), count(*) from fact_scenario_attempts f
        where f.org_id = org and f.user_id = who group by f.day order by f.day;
end $$;
create function pg_temp.latest(org uuid, me uuid)
    returns table (attempt_id uuid, user_id uuid, scenario_id uuid, status text, score numeric, created_at timestamptz)
    language plpgsql stable as $$
#variable_conflict use_column
declare
    teams uuid[] := ({BELOW.format(org="org", me="me")});
    people uuid[] := array(select u.id from users u where u.org_id = org and u.team_id = any (teams));
begin
    return query select a.id, a.user_id, a.scenario_id, a.status::text, a.score, a.created_at from scenario_attempts a
        where a.org_id = org and a.mode = 'official' and (a.user_id in (select unnest(people))) is true
        order by a.created_at desc limit 50;
end $$;
"""


@dataclass(frozen=True, slots=True)
class Read:
    """One query: who asks, what they ask, and the same without row-level security."""

    role: str
    as_member: str
    values: list[Any]
    plain: str
    plain_values: list[Any]


def measure_reads(org: Any, month: Any, people: dict[str, Any]) -> dict[str, dict[str, float]]:
    """By query: p50 and p95 in ms as its reader, p50 without row-level security, the ratio, and rows.

    The two are asked in turn, so that whatever else the machine does touches both alike; the ratio is the median over
    these pairs.
    """
    found = {}
    with psycopg.connect(**where("default")) as member, psycopg.connect(**where("owner")) as plain:
        plain.execute(COMPARED)
        for name, read in _reads(org, month, people).items():
            with member.transaction(force_rollback=True):
                _act(member, people[read.role])
                found[name] = _compare(name, member, plain, read)
    return found


def _reads(org: Any, month: Any, people: dict[str, Any]) -> dict[str, Read]:
    trainee, manager = people["trainee"].user_id, people["manager"].user_id
    since = f"{month:%Y}-01-01"
    page, page_values = _trainees_page(people["trainee"])
    plain_page = page.replace('WHERE ("scenario_attempts"."user_id"', f"""WHERE ("scenario_attempts"."org_id" = '{org}'
        AND "scenario_attempts"."user_id\"""", 1)  # fmt: skip
    assert plain_page != page
    return {
        "leaderboard": Read(
            "admin", "select * from leaderboard(%s)", [month], "select * from pg_temp.board(%s, null, %s)", [org, month]
        ),
        "leaderboard_of_a_manager": Read(
            "manager",
            "select * from leaderboard(%s)",
            [month],
            "select * from pg_temp.board(%s, %s, %s)",
            [org, manager, month],
        ),
        "org_overview": Read(
            "admin",
            "select * from overview_by_day(%s)",
            [since],
            "select * from pg_temp.overview(%s, null, %s)",
            [org, since],
        ),
        "overview_of_a_manager": Read(
            "manager",
            "select * from overview_by_day(%s)",
            [since],
            "select * from pg_temp.overview(%s, %s, %s)",
            [org, manager, since],
        ),
        "scenario_insights": Read(
            "admin", "select * from insights_since(%s)", [since], "select * from pg_temp.insights(%s, %s)", [org, since]
        ),
        "trainees_page": Read("trainee", page, page_values, plain_page, page_values),
        "trainees_progress": Read(
            "trainee",
            "select * from progress_of(%s)",
            [trainee],
            "select * from pg_temp.progress(%s, %s)",
            [org, trainee],
        ),
        "managers_latest": Read(
            "manager",
            "select * from latest_official()",
            [],
            "select * from pg_temp.latest(%s, %s)",
            [org, manager],
        ),
    }


def _trainees_page(member: Any) -> tuple[str, list[Any]]:
    """The statement behind /attempts/, as the ORM writes it."""
    from parley.calls import queries

    sql, values = queries.attempts_of(member).query.sql_with_params()
    return sql, list(values)


def _compare(name: str, member: Any, plain: Any, read: Read) -> dict[str, float]:
    walled, bare, rows, bare_rows = [], [], 0, 0
    for turn in range(RUNS + 10):
        if turn % 2:
            took, rows = _ask(member, read.as_member, read.values)
        bare_took, bare_rows = _ask(plain, read.plain, read.plain_values)
        if not turn % 2:
            took, rows = _ask(member, read.as_member, read.values)
        walled.append(took)
        bare.append(bare_took)
    assert rows == bare_rows > 0, f"{name}: {rows} rows as {read.role}, {bare_rows} without row-level security"
    walled, bare = walled[10:], bare[10:]
    return {
        "p50_ms": round(statistics.median(walled), 3),
        "p95_ms": round(sorted(walled)[int(len(walled) * 0.95)], 3),
        "plain_p50_ms": round(statistics.median(bare), 3),
        "rls_ratio": round(statistics.median(w / b for w, b in zip(walled, bare, strict=True)), 3),
        "rows": rows,
    }


def _ask(connection: Any, sql: str, values: list[Any]) -> tuple[float, int]:
    begun = time.perf_counter()
    rows = len(connection.execute(sql, values, prepare=False).fetchall())
    return (time.perf_counter() - begun) * 1000, rows


def _act(connection: Any, member: Any) -> None:
    connection.execute(
        "select set_config('role', 'parley_authenticated', true), set_config('jwt.claims.org_id', %s, true), "
        "set_config('jwt.claims.user_id', %s, true), set_config('jwt.claims.role', %s, true)",
        [str(member.org_id), str(member.user_id), member.role],
    )


def where(alias: str) -> dict[str, Any]:
    from django.db import connections

    params = connections[alias].get_connection_params()
    return {name: params[name] for name in ("dbname", "user", "host", "port", "password") if params.get(name)}
