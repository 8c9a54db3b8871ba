"""Views show what their reader may see; the materialized views behind them show nobody anything."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.tenancy.attack.attacks import Actor, Outcome, acting, actors, refused
from tests.tenancy.attack.rules import VIEW_RULES
from tests.tenancy.attack.world import World, dsn

_VIEWS = """
    select c.relname, c.relkind::text, coalesce('security_barrier=true' = any (c.reloptions), false)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('v', 'm')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1
"""


def _views() -> list[Any]:
    with psycopg.connect(**dsn("owner")) as owner:
        return owner.execute(_VIEWS).fetchall()


def test_every_view_is_a_barrier_and_has_a_rule(db: None) -> None:
    plain = {name: barrier for name, kind, barrier in _views() if kind == "v"}
    assert all(plain.values()), f"{plain}: say `with (security_barrier)`."
    assert plain.keys() == VIEW_RULES.keys(), "Say in rules.py who may read the new view."


def test_views_show_what_the_rules_allow(world: World) -> None:
    outcome = Outcome()
    with psycopg.connect(**dsn()) as attacker, psycopg.connect(**dsn("owner")) as owner:
        teams = {str(world.rows["users"]["ben"]["id"]): "ben", str(world.rows["users"]["dan"]["id"]): "dan"}
        for name, kind, _ in _views():
            if kind == "m":
                rows = owner.execute(f"select count(*) from {name}").fetchone()
                assert rows, name
                assert rows[0] >= 2, f"{name}: nothing there that could leak"
            for actor in actors(world):
                with acting(attacker, actor):
                    if kind == "m":
                        happened = refused(attacker, f"select 1 from {name}") is None
                        outcome.add(f"select {name} as {actor.name}", happened=happened, expected=False)
                        continue
                    for label in ("ben", "dan", "org", "rival"):
                        happened = _sees(attacker, name, label, world, teams)
                        outcome.add(
                            f"select {name}/{label} as {actor.name}",
                            happened=happened,
                            expected=_may(actor, name, label),
                        )
                    for sql in (f"delete from {name}", f"update {name} set org_id = org_id"):
                        outcome.add(f"{sql} as {actor.name}", happened=refused(attacker, sql) is None, expected=False)
    assert not outcome.wrong, "\n".join(outcome.wrong)
    assert outcome.granted >= 10


def _may(actor: Actor, view: str, label: str) -> bool:
    if label == "rival":
        return actor.name == "foreign admin" and bool(VIEW_RULES[view])
    allowed = VIEW_RULES[view].get(actor.rule, frozenset())
    # A view without people shows its organisation's rows as one.
    return label in allowed or (label == "org" and bool(allowed))


def _sees(connection: psycopg.Connection[Any], view: str, label: str, world: World, people: dict[str, str]) -> bool:
    org = world.rows["orgs"]["rival" if label == "rival" else "org"]["id"]
    try:
        with connection.transaction(force_rollback=True):
            cursor = connection.execute(f"select * from {view} where org_id = %s", [org])
            names = [column.name for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except psycopg.Error:
        return False
    if label in ("org", "rival"):
        return bool(rows)
    team = str(world.cast.ben.user.team_id if label == "ben" else world.rows["teams"]["boulder"]["id"])
    return any(str(row.get("team_id")) == team or people.get(str(row.get("user_id"))) == label for row in rows)
