"""What dashboards read comes from functions past policies: each is asked by everybody and answers as the rules say."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.tenancy.attack.attacks import Actor, Outcome, acting, actors
from tests.tenancy.attack.rules import VIEW_RULES
from tests.tenancy.attack.world import World, dsn

MONTH = "2026-01-01"
LATEST = {"manager": {"ben"}, "admin": {"ben", "dan"}, "hr": {"ben", "dan"}}
RULES: dict[str, Any] = {
    "leaderboard": VIEW_RULES["leaderboard_month"],
    "latest_official": LATEST,
    "managed_user_ids": {"manager": {"ben"}},
    "managed_team_ids": {"manager": {"denver"}},
}
PEOPLE, TEAMS = ("ben", "dan", "rival"), ("denver", "boulder", "rival")
READS = {
    "leaderboard": (f"select user_id from leaderboard('{MONTH}')", "users", PEOPLE),
    "latest_official": ("select attempt_id from latest_official()", "scenario_attempts", (*PEOPLE, "ben_practice")),
    "managed_user_ids": ("select unnest(managed_user_ids())", "users", PEOPLE),
    "managed_team_ids": ("select unnest(managed_team_ids())", "teams", TEAMS),
}
"""By function: a statement that gives keys, the table that they are of, and the labels looked for."""


def _expected(actor: Actor, rules: dict[str, Any]) -> set[str]:
    if actor.name == "foreign admin":
        return {"rival"} if rules.get("admin") else set()
    return set(rules.get(actor.rule, ()))


def _labels(world: World, table: str, keys: Any) -> set[str]:
    by_key = {str(row["id"]): label for label, row in world.rows[table].items()}
    return {by_key[str(key)] for key in keys if key is not None}


def test_reads_of_dashboards_show_what_the_rules_allow(world: World) -> None:
    outcome = Outcome()
    with psycopg.connect(**dsn()) as attacker:
        for actor in actors(world):
            with acting(attacker, actor):
                if actor.db_role == "none" or actor.name == "malformed claims":
                    for name in (f"leaderboard('{MONTH}')", "latest_official()", "managed_user_ids()"):
                        outcome.add(f"{name} as {actor.name}", happened=_asks(attacker, name), expected=False)
                    continue
                expected = {name: _expected(actor, rules) for name, rules in RULES.items()}
                for name, (sql, table, everything) in READS.items():
                    found = _labels(world, table, [row[0] for row in attacker.execute(sql)])
                    for label in everything:
                        what = f"{name}/{label} as {actor.name}"
                        outcome.add(what, happened=label in found, expected=label in expected[name])
                _sums(attacker, world, actor, outcome)
    assert not outcome.wrong, "\n".join(outcome.wrong)
    assert outcome.granted > 30


def _sums(attacker: psycopg.Connection[Any], world: World, actor: Actor, outcome: Outcome) -> None:
    """Reads that show no rows of people: how many attempts stand behind them."""
    seen = len(_expected(actor, VIEW_RULES["org_overview"]))
    row = attacker.execute("select coalesce(sum(attempts), 0) from overview_by_day(%s)", [MONTH]).fetchone()
    outcome.add(f"overview as {actor.name}", happened=row == (seen,), expected=True)
    orgs = [row[0] for row in attacker.execute("select distinct org_id from insights_since(%s)", [MONTH])]
    may = bool(_expected(actor, VIEW_RULES["scenario_insights"]))
    outcome.add(f"insights as {actor.name}", happened=orgs == [_org(world, actor)] if may else not orgs, expected=True)
    for label in ("ben", "dan", "rival"):
        who = world.rows["users"][label]["id"]
        row = attacker.execute("select coalesce(sum(attempts), 0) from progress_of(%s)", [who]).fetchone()
        own = actor.rule == "trainee" and label == "ben"
        shown = 2 if own else int(label in _expected(actor, LATEST))
        outcome.add(f"progress_of {label} as {actor.name}", happened=row == (shown,), expected=True)


def _org(world: World, actor: Actor) -> Any:
    return world.rows["orgs"]["rival" if actor.name == "foreign admin" else "org"]["id"]


def _asks(attacker: psycopg.Connection[Any], function: str) -> bool:
    try:
        with attacker.transaction(force_rollback=True):
            attacker.execute(f"select * from {function}")
    except psycopg.Error:
        return False
    return True


TEAMS_READS = {
    "roster": ("select user_id from roster()", "users", PEOPLE),
    "roster of a team": ("select user_id from roster(in_team => %(boulder)s)", "users", PEOPLE),
    "roster of Rival": ("select user_id from roster(in_team => %(rival_team)s)", "users", PEOPLE),
    "roster of one": ("select user_id from roster(of_user => %(rival)s)", "users", PEOPLE),
    "assignment_rows": ("select user_id from assignment_rows()", "users", PEOPLE),
    "assignment_rows of one": ("select user_id from assignment_rows(of_user => %(dan)s)", "users", PEOPLE),
    "assignment_rows of Rival": ("select user_id from assignment_rows(in_team => %(rival_team)s)", "users", PEOPLE),
    "my_assignments": (
        "select assignment_id from my_assignments()",
        "assignments",
        ("ben", "dan", "rival", "denver", "boulder"),
    ),
}
"""Reads of dashboards that narrow: what is asked for never widens what is seen."""


def _narrowed(name: str, everything: set[str]) -> set[str]:
    if "Rival" in name or name == "roster of one":
        return everything & {"rival"}
    return everything & {"dan"} if name in ("roster of a team", "assignment_rows of one") else everything


def test_what_is_narrowed_is_never_wider(world: World) -> None:
    outcome = Outcome()
    ids = {
        "boulder": world.rows["teams"]["boulder"]["id"],
        "rival_team": world.rows["teams"]["rival"]["id"],
        "rival": world.rows["users"]["rival"]["id"],
        "dan": world.rows["users"]["dan"]["id"],
    }
    with psycopg.connect(**dsn()) as attacker:
        for actor in actors(world):
            if actor.db_role == "none" or actor.name == "malformed claims":
                continue
            with acting(attacker, actor):
                for name, (sql, table, everything) in TEAMS_READS.items():
                    found = _labels(world, table, [row[0] for row in attacker.execute(sql, ids)])
                    if table == "assignments":
                        expected = {"ben", "denver"} if actor.rule == "trainee" else set()
                    else:
                        expected = _narrowed(name, _expected(actor, LATEST))
                    for label in everything:
                        what = f"{name}/{label} as {actor.name}"
                        outcome.add(what, happened=label in found, expected=label in expected)
                _figures(attacker, world, actor, outcome)
    assert not outcome.wrong, "\n".join(outcome.wrong)
    assert outcome.granted > 20


def _figures(attacker: psycopg.Connection[Any], world: World, actor: Actor, outcome: Outcome) -> None:
    """Sums show as many as the actor answers for, and nothing of a team that is asked for in vain."""
    seen = len(_expected(actor, LATEST))
    rival = world.rows["teams"]["rival"]["id"]
    span = "'2025-12-01', '2026-12-01'"
    for sql in (
        f"select coalesce(sum(attempts), 0) from team_weeks({span})",
        f"select coalesce(sum(attempts), 0) from scenario_totals({span})",
    ):
        row = attacker.execute(sql).fetchone()
        outcome.add(f"{sql} as {actor.name}", happened=row == (seen,), expected=True)
    row = attacker.execute(f"select coalesce(sum(attempts), 0) from team_weeks({span}, %s)", [rival]).fetchone()
    outcome.add(f"Rival's weeks as {actor.name}", happened=row != (0,), expected=actor.name == "foreign admin")
    given = attacker.execute("select coalesce(sum(given), 0) from assignment_totals()").fetchone()
    expected = {"trainee": 0, "manager": 2, "admin": 4, "hr": 4}.get(
        actor.rule, 1 if actor.name == "foreign admin" else 0
    )
    outcome.add(f"assignment_totals as {actor.name}", happened=given == (expected,), expected=True)
    rules = attacker.execute("select rule from compliance_totals('2025-01-01', '2027-01-01')").fetchall()
    outcome.add(f"compliance_totals as {actor.name}", happened=len(rules) > 1, expected=False)
    used = attacker.execute("select calls from usage_since('2025-01-01')").fetchall()
    office = actor.rule in ("admin", "hr") or actor.name == "foreign admin"
    calls = {True: [(2,)] if actor.name == "foreign admin" else [(4,)], False: []}[office]
    outcome.add(f"usage_since as {actor.name}", happened=used == calls, expected=True)
    teams = attacker.execute("select teams_in_view(%s)", [rival]).fetchone()
    outcome.add(
        f"teams_in_view as {actor.name}", happened=bool(teams and teams[0]), expected=actor.name == "foreign admin"
    )
