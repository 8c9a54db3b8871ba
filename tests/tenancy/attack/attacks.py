"""Try every operation on every row as everybody, and say where the database answered otherwise than the rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.tenancy.attack.rules import OPERATIONS, RULES, SERVICE_MAY_NOT
from tests.tenancy.attack.world import World, dsn

TENANT_TABLES = """
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and (c.relname = 'orgs' or exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped))
    order by 1
"""


@dataclass(frozen=True)
class Actor:
    """Somebody with claims. `rule` is the role whose rules hold for them; empty: nothing is theirs."""

    name: str
    db_role: str = "parley_authenticated"
    org_id: str = ""
    user_id: str = ""
    role: str = ""
    rule: str = ""


@dataclass
class Outcome:
    """What was tried, and each answer that differs from the rules."""

    attacks: int = 0
    granted: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, *, happened: bool, expected: bool) -> None:
        self.attacks += 1
        self.granted += happened
        if happened and not expected:
            self.wrong.append(f"LEAK {name}")
        elif expected and not happened:
            self.wrong.append(f"REFUSED {name}")


def actors(world: World) -> list[Actor]:
    """Each role in its organisation, a stranger's admin, and claims that nobody should hold."""
    cast = world.cast
    summit = str(cast.ben.user.org_id)
    people = {"trainee": cast.ben, "manager": cast.ana, "admin": cast.omar, "hr": cast.hana}
    inside = [Actor(role, org_id=summit, user_id=str(p.user.pk), role=role, rule=role) for role, p in people.items()]
    rival = str(cast.carla.user.org_id)
    nobody = str(uuid.uuid4())
    return [
        *inside,
        Actor("foreign admin", org_id=rival, user_id=str(cast.carla.user.pk), role="admin"),
        Actor("foreign trainee with our user id", org_id=rival, user_id=str(cast.ben.user.pk), role="trainee"),
        Actor("trainee who says admin", org_id=summit, user_id=str(cast.ben.user.pk), role="admin"),
        Actor("foreign admin in our organisation", org_id=summit, user_id=str(cast.carla.user.pk), role="admin"),
        Actor("no claims"),
        Actor("empty role", org_id=summit, user_id=nobody),
        Actor("organisation that is not", org_id=nobody, user_id=nobody, role="admin"),
        Actor("user without organisation", user_id=str(cast.omar.user.pk), role="admin"),
        Actor("malformed claims", org_id="' or true --", user_id="1", role="admin"),
        Actor("authenticator", db_role="none", org_id=summit, user_id=str(cast.omar.user.pk), role="admin"),
        Actor("worker's door", db_role="none"),
    ]


def attack_tables(world: World, *, tables: Iterable[str] = (), target: dict[str, Any] | None = None) -> Outcome:
    """Every operation on every labelled row of these tables (all when empty) as every actor, service and owner too."""
    outcome = Outcome()
    with (
        psycopg.connect(**dsn("owner"), row_factory=dict_row) as owner,
        psycopg.connect(**(target or dsn())) as attacker,
    ):
        every = [row["relname"] for row in owner.execute(TENANT_TABLES)]
        for table in [name for name in every if not tables or name in tables]:
            rows = {label: _whole_row(owner, table, key) for label, key in world.rows.get(table, {}).items()}
            for actor in actors(world):
                with acting(attacker, actor):
                    for label, row in rows.items():
                        for operation in OPERATIONS:
                            expected = _expected(actor, table, operation, label)
                            name = f"{operation} {table}/{label} as {actor.name}"
                            happened = _try(attacker, operation, table, world.rows[table][label], row)
                            outcome.add(name, happened=happened, expected=expected)
                            if operation == "update" and expected and "org_id" in (row or {}):
                                _attack_move(attacker, outcome, world, table, label, actor)
            _attack_as_installation(attacker, owner, outcome, world, table, rows)
    return outcome


@contextmanager
def acting(connection: psycopg.Connection[Any], actor: Actor) -> Iterator[None]:
    """One transaction with these claims, rolled back at the end."""
    with connection.transaction(force_rollback=True):
        connection.execute(
            "select set_config('jwt.claims.org_id', %s, true), set_config('jwt.claims.user_id', %s, true), "
            "set_config('jwt.claims.role', %s, true), set_config('role', %s, true)",
            [actor.org_id, actor.user_id, actor.role, actor.db_role],
        )
        yield


def refused(connection: psycopg.Connection[Any], sql: str, values: Iterable[Any] = ()) -> str | None:
    """The SQLSTATE when the statement is refused, None when it runs; nothing stays of it."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql, list(values))
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return None


def _expected(actor: Actor, table: str, operation: str, label: str) -> bool:
    if actor.name == "foreign admin":
        return _foreign_admin_may(table, operation, label)
    return bool(actor.rule) and label in RULES.get(table, {}).get(operation, {}).get(actor.rule, frozenset())


def _foreign_admin_may(table: str, operation: str, label: str) -> bool:
    """Carla is admin of Rival: what Omar may do to an organisation's rows at home, she may do to Rival's."""
    if label not in ("rival", "rival_practice"):
        return False
    allowed = RULES.get(table, {}).get(operation, {}).get("admin", frozenset())
    own = "dan" if label == "rival" else "dan_practice"
    return bool(allowed & {"org", own} or (table == "teams" and allowed))


def _attack_move(
    connection: psycopg.Connection[Any], outcome: Outcome, world: World, table: str, label: str, actor: Actor
) -> None:
    """Whoever may change a row may still not give it to another organisation."""
    where, values = _where(world.rows[table][label])
    summit, rival = str(world.cast.ben.user.org_id), str(world.cast.carla.user.org_id)
    elsewhere = rival if actor.org_id == summit else summit
    state = refused(connection, f"update {table} set org_id = %s where {where}", [elsewhere, *values])
    outcome.add(f"move {table}/{label} elsewhere as {actor.name}", happened=state is None, expected=False)


def _attack_as_installation(
    attacker: psycopg.Connection[Any],
    owner: psycopg.Connection[Any],
    outcome: Outcome,
    world: World,
    table: str,
    rows: Any,
) -> None:
    """The installation and the owner see every row: each attack has somebody who rightfully succeeds."""
    service = Actor("service", db_role="parley_service")
    with acting(attacker, service):
        for label, row in rows.items():
            for operation in OPERATIONS:
                expected = operation not in SERVICE_MAY_NOT.get(table, frozenset()) and row is not None
                expected = expected and not (table == "orgs" and operation == "insert" and row is None)
                happened = _try(attacker, operation, table, world.rows[table][label], row)
                outcome.add(f"{operation} {table}/{label} as service", happened=happened, expected=expected)
    for label, row in rows.items():
        outcome.add(f"select {table}/{label} as owner", happened=row is not None, expected=True)


def _try(
    connection: psycopg.Connection[Any], operation: str, table: str, key: dict[str, Any], row: dict[str, Any] | None
) -> bool:
    """Did it happen? A row that passed the walls and then met a unique key or a check did."""
    where, values = _where(key)
    try:
        with connection.transaction(force_rollback=True):
            if operation == "insert":
                return row is not None and _insert(connection, table, key, row)
            column = _column_to_update(connection, table) if operation == "update" else ""
            sql = {
                "select": f"select 1 from {table} where {where}",
                "update": f"update {table} set {column} = {column} where {where}",
                "delete": f"delete from {table} where {where}",
            }[operation]
            return connection.execute(sql, values).rowcount > 0
    except (psycopg.errors.IntegrityError, psycopg.errors.RaiseException):
        return True
    except psycopg.Error:
        return False


def _insert(connection: psycopg.Connection[Any], table: str, key: dict[str, Any], row: dict[str, Any]) -> bool:
    fresh = {**row, **{name: uuid.uuid4() if isinstance(v, uuid.UUID) else 2**30 for name, v in key.items()}}
    if table == "orgs":
        fresh |= {"slug": "new", "external_id": None}
    if table == "scenario_attempts":
        fresh |= dict.fromkeys(("kpis", "score_breakdown", "feedback"))  # a call begins without a score
    if table == "people_import_rows":
        fresh["line"] = 2**30
    columns = ", ".join(f'"{name}"' for name in fresh)
    values = [
        Jsonb(v) if isinstance(v, dict) or (isinstance(v, list) and name in _JSON_LISTS) else v
        for name, v in fresh.items()
    ]
    return (
        connection.execute(
            f"insert into {table} ({columns}) values ({', '.join(['%s'] * len(fresh))})", values
        ).rowcount
        > 0
    )


_JSON_LISTS = {
    "fillers",
    "tags",
    "latencies_ms",
    "notes",
    "transcript",
    "peaks",
    "score_history",
    "header",
    "columns",
    "cells",
}


def _column_to_update(connection: psycopg.Connection[Any], table: str) -> str:
    """A column that whoever acts may update; the key where there is none, which is then refused."""
    row = connection.execute(
        """
        select a.attname from pg_attribute a
        where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
        order by has_column_privilege(a.attrelid, a.attnum, 'update') desc, a.attname = 'id', a.attnum desc limit 1
        """,
        [table],
    ).fetchone()
    assert row is not None
    return f'"{row[0]}"'


def _where(key: dict[str, Any]) -> tuple[str, list[Any]]:
    return " and ".join(f"{name} = %s" for name in key), list(key.values())


def _whole_row(owner: psycopg.Connection[Any], table: str, key: dict[str, Any]) -> dict[str, Any] | None:
    where, values = _where(key)
    row: dict[str, Any] | None = owner.execute(f"select * from {table} where {where}", values).fetchone()
    return row
