"""Functions called with other people's ids: each definer function and each that takes an id has attacks here."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.tenancy.attack.attacks import Actor, Outcome, acting, actors
from tests.tenancy.attack.world import World, dsn

# For the installation or the owner alone: nobody with claims may call them.
CLOSED = {
    "apply_rescore(uuid)", "audit()", "keep_dim_users()", "may_read_object(text,text)", "memberships_of(uuid)",
    "refresh_reporting()", "settle_score(uuid,jsonb)", "storage_signature(text,bigint)", "users_below(uuid,uuid)",
    "write_dimensions()",
    "write_facts(uuid[],timestamp with time zone)", "write_kpi_events(integer)",
}  # fmt: skip
# Attacked below.
ATTACKED = {
    "claim_org_id()", "compute_scores(uuid[])", "erase_user(uuid)", "forget_words(uuid[])",
    "enqueue_webhook(text,jsonb)", "grant_signed_url(text,integer)",
    "is_signed_url(text,bigint,text)",
    "manages_user(uuid)", "may_correct_attempt(uuid,uuid)", "may_read_attempt(uuid,boolean)", "overrides_of(uuid)",
    "remove_newcomers(uuid[])",
    "rescored(uuid,boolean)", "score_attempt(uuid)", "set_org_claim(uuid)",
    "switchable_claims(uuid)",
    # In parley/shell/tests:
    "news_since(bigint,integer)", "search_all(text,integer)",
    # In test_reads.py:
    "insights_since(date)", "latest_official(integer)", "leaderboard(date,integer)", "managed_team_ids()",
    "managed_user_ids()", "overview_by_day(date)", "progress_of(uuid)",
    "assignment_rows(text,uuid,uuid,uuid,text,integer,integer)", "assignment_totals(uuid,uuid,text)",
    "compliance_totals(timestamp with time zone,timestamp with time zone,uuid)", "my_assignments()",
    "roster(uuid,text,text,text,integer,integer,timestamp with time zone,uuid)",
    "scenario_totals(date,date,uuid)", "team_weeks(date,date,uuid,text[])", "teams_in_view(uuid)", "usage_since(date)",
}  # fmt: skip

_FUNCTIONS = """
    select p.oid::regprocedure::text, has_function_privilege('parley_authenticated', p.oid, 'execute')
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.proname not like 'procrastinate%'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      and (p.prosecdef or 'uuid'::regtype = any (p.proargtypes) or 'uuid[]'::regtype = any (p.proargtypes))
    order by 1
"""


def test_every_function_that_could_leak_is_closed_or_attacked(db: None) -> None:
    with psycopg.connect(**dsn("owner")) as owner:
        found = dict(owner.execute(_FUNCTIONS).fetchall())
    assert {name for name, may in found.items() if not may} == CLOSED, "Close it to parley_authenticated, or attack it."
    assert {name for name, may in found.items() if may} == ATTACKED, "Attack the new function here."


def _answers(connection: psycopg.Connection[Any], sql: str, *values: Any) -> list[Any] | None:
    """The rows, or None when refused; nothing stays of it."""
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(sql, values).fetchall()
    except psycopg.Error:
        return None


def test_foreign_ids_get_nothing_out_of_functions(world: World) -> None:
    outcome = Outcome()
    rival = world.rows["orgs"]["rival"]["id"]
    with psycopg.connect(**dsn()) as attacker:
        for actor in actors(world):
            inside, foreign = bool(actor.rule), actor.name == "foreign admin"
            with acting(attacker, actor):

                def tell(
                    what: str, rows: list[Any] | None, *, expected: bool = False, actor: Actor = actor
                ) -> None:  # fmt: skip
                    got = bool(rows) and rows is not None and rows[0][0] not in (None, False, 0)
                    outcome.add(f"{what} as {actor.name}", happened=got, expected=expected)

                for label in world.rows["scenario_attempts"]:
                    attempt = world.rows["scenario_attempts"][label]["id"]
                    org = world.rows["orgs"]["rival" if label.startswith("rival") else "org"]["id"]
                    hears = _hears(actor, label)
                    path = f"recordings/{org}/{attempt}.flac"
                    tell(f"grant {label}", _answers(attacker, "select grant_signed_url(%s, 60)", path), expected=hears)
                    text = f"transcripts/{org}/{attempt}.txt"
                    tell(
                        f"grant text {label}",
                        _answers(attacker, "select grant_signed_url(%s, 60)", text),
                        expected=hears,
                    )
                    rows = _answers(attacker, "select may_read_attempt(%s, true)", attempt)
                    tell(f"may_read {label}", rows, expected=hears)
                    tell(f"score {label}", _answers(attacker, "select score_attempt(%s)", attempt))
                    # Whoever hears a call gets as far as its rubric, which here is empty.
                    rows = _answers(attacker, "select * from compute_scores(array[%s]::uuid[])", attempt)
                    outcome.add(
                        f"scores {label} as {actor.name}", happened=rows != [], expected=hears or _has_no_door(actor)
                    )
                    corrects = _corrects(actor, label)
                    rep = world.cast.ben.user.pk if label.startswith("ben") else world.cast.dan.user.pk
                    rep = world.cleo.user.pk if label.startswith("rival") else rep
                    rows = _answers(attacker, "select may_correct_attempt(%s, %s)", attempt, rep)
                    tell(f"correct {label}", rows, expected=corrects)
                    rows = _answers(attacker, "select overrides_of(%s)", attempt)
                    own = label == "ben" and actor.rule == "trainee"
                    tell(f"overrides of {label}", rows, expected=corrects or own)
                foreign_scenario = world.rows["scenarios"]["rival"]["id"]
                rows = _answers(attacker, "select attempt_id from rescored(%s, true)", foreign_scenario)
                tell("score Rival's history", rows)
                for odd in (
                    f"tmp/{rival}/x",
                    f"avatars/{rival}/x.png",
                    f"exports/{rival}/x.csv",
                    "recordings/../x",
                    "x/y",
                    "",
                ):
                    rows = _answers(attacker, "select grant_signed_url(%s, 60)", odd)
                    tell(f"grant {odd}", rows, expected=foreign and odd.startswith("avatars/"))
                payload = Jsonb({"org": {"id": str(rival)}})
                rows = _answers(attacker, "select enqueue_webhook('user.added', %s)", payload)
                tell("enqueue for Rival", rows, expected=foreign)
                rows = _answers(attacker, "select enqueue_webhook('user.added', '{}')")
                tell("enqueue for oneself", rows, expected=inside or foreign)
                tell(
                    "switch to Rival",
                    _answers(attacker, "select user_id from switchable_claims(%s)", rival),
                    expected=foreign,
                )
                rows = _answers(attacker, "select set_org_claim(%s) is not null", rival)
                outcome.add(f"claim Rival as {actor.name}", happened=rows is not None, expected=foreign)
                rows = _answers(attacker, "select manages_user(%s)", world.rows["users"]["ben"]["id"])
                tell("manages ben", rows, expected=actor.name == "manager")
                rows = _answers(attacker, "select erase_user(%s)", world.rows["users"]["rival"]["id"])
                tell("erase Rival's", rows, expected=foreign)
                rows = _answers(attacker, "select erase_user(%s)", world.rows["users"]["dan"]["id"])
                tell("erase dan", rows, expected=actor.rule == "admin")
                # Both have come; accounts/tests/test_imports.py removes who never did.
                people = [world.rows["users"][name]["id"] for name in ("rival", "dan")]
                tell("remove who came", _answers(attacker, "select unnest(remove_newcomers(%s))", people))
                attempt = world.rows["scenario_attempts"]["ben"]["id"]
                tell("forget words", _answers(attacker, "select forget_words(array[%s])", attempt))
                rows = _answers(attacker, "select is_signed_url('recordings/a', 99999999999, %s)", "0" * 64)
                tell("guess a signature", rows)
    assert not outcome.wrong, "\n".join(outcome.wrong)
    assert outcome.granted > 10


def _has_no_door(actor: Actor) -> bool:
    """Refused before any row is looked at."""
    return actor.db_role == "none" or actor.name == "malformed claims"


def _corrects(actor: Actor, label: str) -> bool:
    if actor.name == "foreign admin":
        return label == "rival"
    return label in {"manager": ("ben",), "admin": ("ben", "dan")}.get(actor.rule, ())


def _hears(actor: Actor, label: str) -> bool:
    rules = {"trainee": ("ben", "ben_practice"), "manager": ("ben",), "admin": ("ben", "dan")}
    if actor.name == "foreign admin":
        return label == "rival"
    return label in rules.get(actor.rule, ())


def test_a_path_never_opens_for_another_bucket_or_time(world: World) -> None:
    from parley.core.storage import is_signed, sign_url
    from parley.core.tenancy import acting_as

    key = world.rows["scenario_attempts"]["ben"]["id"]
    path = f"{world.cast.ben.user.org_id}/{key}.flac"
    with acting_as(world.cast.ben.member):
        url = sign_url("recordings", path)
    expires, signature = url.split("expires=")[1].split("&signature=")
    assert is_signed("recordings", path, expires=expires, signature=signature)
    assert not is_signed("transcripts", path, expires=expires, signature=signature)
    assert not is_signed("recordings", path, expires=str(int(expires) + 1), signature=signature)
    assert not is_signed(
        "recordings", path, expires=expires, signature=signature[:-1] + ("0" if signature[-1] != "0" else "1")
    )


def test_hmac_is_that_of_the_standard_library(db: None) -> None:
    import hashlib
    import hmac
    import os

    with psycopg.connect(**dsn("owner")) as owner:
        for length in (0, 1, 32, 64, 65, 200):
            key, message = os.urandom(length), os.urandom(length * 2)
            row = owner.execute("select hmac_sha256(%s, %s)", [message, key]).fetchone()
            assert row is not None
            assert row[0] == hmac.new(key, message, hashlib.sha256).digest()


@pytest.mark.parametrize("ttl", [0, -1, 86401, None])
def test_addresses_live_neither_forever_nor_in_the_past(world: World, ttl: int | None) -> None:
    with psycopg.connect(**dsn()) as service, acting(service, Actor("service", db_role="parley_service")):
        assert _answers(service, "select grant_signed_url('recordings/a/b.flac', %s)", ttl) is None
