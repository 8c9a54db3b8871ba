"""What the database promises, whoever writes: frozen versions, guarded lives, trees, audit, references at home."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.tenancy.attack.attacks import Actor, acting, refused
from tests.tenancy.attack.world import World, dsn

SERVICE = Actor("service", db_role="parley_service")
CHECK, FOREIGN, DENIED = "23514", "23503", "42501"


@pytest.fixture
def service(world: World) -> Any:
    with psycopg.connect(**dsn()) as connection, acting(connection, SERVICE):
        yield connection


def _id(world: World, table: str, label: str) -> Any:
    return world.rows[table][label]["id"]


def test_every_table_with_updated_at_keeps_it(db: None) -> None:
    with psycopg.connect(**dsn("owner")) as owner:
        bare = owner.execute(
            """
            select table_name from information_schema.columns c
            where table_schema = 'public' and column_name = 'updated_at' and not exists (
                select from pg_trigger t where t.tgrelid = c.table_name::regclass and t.tgname = 'touch')
            """
        ).fetchall()
    assert not bare, "create trigger touch before update on … execute function touch_updated_at();"


def test_updated_at_says_when_whoever_changed_it(world: World, service: psycopg.Connection[Any]) -> None:
    sql = "update teams set name = name || '!', updated_at = '2000-01-01' where id = %s returning updated_at = now()"
    assert service.execute(sql, [_id(world, "teams", "denver")]).fetchone() == (True,)


def test_references_stay_in_their_organisation(world: World, service: psycopg.Connection[Any]) -> None:
    service.execute("set constraints all immediate")
    for table, column, points_to, label in (
        ("users", "team_id", "teams", "ben"),
        ("teams", "manager_id", "users", "denver"),
        ("teams", "parent_id", "teams", "denver"),
        ("assignments", "user_id", "users", "ben"),
        ("assignments", "scenario_id", "scenarios", "ben"),
        ("track_scenarios", "track_id", "tracks", "org"),
        ("consents", "withdrawn_at = now(), user_id", "users", "ben"),
    ):
        values = [_id(world, points_to, "rival"), _id(world, table, label)]
        assert refused(service, f"update {table} set {column} = %s where id = %s", values) == FOREIGN, (table, column)


def test_a_published_version_is_not_edited(world: World, service: psycopg.Connection[Any]) -> None:
    key = _id(world, "scenarios", "org")
    for change in ("title = 'x'", "rubric = rubric || '{\"pass_mark\": 1}'", "branching = '{}'", "status = 'draft'"):
        assert refused(service, f"update scenarios set {change} where id = %s", [key]) == CHECK, change
    assert refused(service, "update scenarios set status = 'archived' where id = %s", [key]) is None


@pytest.mark.parametrize(
    ("rubric", "says"),
    [
        ({}, "missing"),
        ({"criteria": []}, "missing"),
        ({"criteria": [{"id": "a", "kind": "goal", "weight": 0}]}, "weight"),
        ({"criteria": [{"id": "a", "kind": "magic", "weight": 1}]}, "kind"),
        ({"criteria": [{"id": "a", "kind": "judge", "weight": 1}]}, "judge"),
        ({"criteria": [{"id": "a", "kind": "goal", "weight": 1}]}, "no goal"),
        (
            {"criteria": [{"id": "a", "kind": "kpi", "weight": 1, "bands": [{"from": 0, "share": 0}]}]},
            "never be earned",
        ),
        ([], "no object"),
    ],
)
def test_a_rubric_that_cannot_be_scored_is_refused_where_it_is_saved(
    world: World, service: psycopg.Connection[Any], rubric: Any, says: str
) -> None:
    sql = "insert into scenarios select (jsonb_populate_record(s, %s)).* from scenarios s where id = %s"
    fresh = Jsonb({"id": "0b8f4c1e-6d1f-4f0a-9a53-2f3f9a3f5a11", "version": 9, "status": "draft", "rubric": rubric})
    with pytest.raises(psycopg.errors.CheckViolation, match=says), service.transaction():
        service.execute(sql, [fresh, _id(world, "scenarios", "org")])


def test_an_attempt_goes_forward_only_and_stays_what_it_was(world: World, service: psycopg.Connection[Any]) -> None:
    key = [_id(world, "scenario_attempts", "ben")]
    for change in (
        "status = 'scored'",
        "rubric = '{\"x\": 1}'",
        "brief = '{}'",
        "mode = 'practice'",
        "user_role = 'admin'",
    ):
        assert refused(service, f"update scenario_attempts set {change} where id = %s", key) == CHECK, change
    for status in ("live", "ended", "scored"):
        service.execute("update scenario_attempts set status = %s where id = %s", [status, *key])
    for status in ("created", "live", "ended", "abandoned"):
        assert refused(service, "update scenario_attempts set status = %s where id = %s", [status, *key]) == CHECK, (
            status
        )


def test_a_rep_does_not_end_or_score_their_own_call(world: World) -> None:
    ben = world.cast.ben.user
    actor = Actor("trainee", org_id=str(ben.org_id), user_id=str(ben.pk), role="trainee")
    with psycopg.connect(**dsn()) as connection, acting(connection, actor):
        key = [_id(world, "scenario_attempts", "ben")]
        assert refused(connection, "update scenario_attempts set status = 'ended' where id = %s", key) == DENIED
        assert refused(connection, "update scenario_attempts set score = 100 where id = %s", key) == DENIED
        assert refused(connection, "update scenario_attempts set status = 'abandoned' where id = %s", key) is None


def test_teams_never_hang_below_themselves(world: World, service: psycopg.Connection[Any]) -> None:
    denver, boulder = _id(world, "teams", "denver"), _id(world, "teams", "boulder")
    service.execute("update teams set parent_id = %s where id = %s", [denver, boulder])
    assert refused(service, "update teams set parent_id = %s where id = %s", [boulder, denver]) == CHECK
    assert refused(service, "update teams set parent_id = id where id = %s", [denver]) == CHECK


def test_a_manager_sees_what_hangs_below(world: World) -> None:
    ana = world.cast.ana.user
    denver, boulder = _id(world, "teams", "denver"), _id(world, "teams", "boulder")
    dans = _id(world, "scenario_attempts", "dan")
    actor = Actor("manager", org_id=str(ana.org_id), user_id=str(ana.pk), role="manager")
    sql = "select count(*) from scenario_attempts where id = %s"
    with psycopg.connect(**dsn()) as connection:
        with acting(connection, actor):
            assert connection.execute(sql, [dans]).fetchone() == (0,)
        with connection.transaction(), acting(connection, SERVICE):
            pass
        with psycopg.connect(**dsn("owner"), autocommit=True) as owner:
            owner.execute("update teams set parent_id = %s where id = %s", [denver, boulder])
        with acting(connection, actor):
            assert connection.execute(sql, [dans]).fetchone() == (1,)


def test_every_change_is_in_the_audit_log_without_secrets(world: World, service: psycopg.Connection[Any]) -> None:
    hook = _id(world, "webhooks", "org")
    service.execute("update webhooks set enabled = false, secret = 'new-secret' where id = %s", [hook])
    row = service.execute(
        "select action, old, new, acted_as from audit_log where row_id = %s order by id desc limit 1", [str(hook)]
    ).fetchone()
    assert row == ("update", {"enabled": True}, {"enabled": False}, "parley_service")
    logged = service.execute(
        "select count(*) from audit_log where coalesce(old::text, '') || coalesce(new::text, '') like '%secret%'"
    )
    assert logged.fetchone() == (0,)
    for sql in ("delete from audit_log", "update audit_log set old = null", "insert into audit_log default values"):
        assert refused(service, sql) == DENIED


def test_a_webhook_is_enqueued_once_for_each_who_listens(world: World) -> None:
    omar = world.cast.omar.user
    actor = Actor("admin", org_id=str(omar.org_id), user_id=str(omar.pk), role="admin")
    with psycopg.connect(**dsn()) as connection, acting(connection, actor):
        before = connection.execute("select count(*) from webhook_deliveries").fetchone()
        payload = Jsonb({"idempotency_key": "0b8f4c1e-6d1f-4f0a-9a53-2f3f9a3f5a11"})
        sql = "select enqueue_webhook(%s, %s)"
        assert connection.execute(sql, ["user.added", payload]).fetchone() == (1,)
        assert connection.execute(sql, ["user.added", payload]).fetchone() == (0,)
        assert connection.execute(sql, ["track.completed", payload]).fetchone() == (0,)
        assert before is not None
        assert connection.execute("select count(*) from webhook_deliveries").fetchone() == (before[0] + 1,)
