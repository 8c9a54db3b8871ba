"""Every address of the URL map, asked by everybody for another organisation's rows, in every method."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from parley.accounts.access import is_identity_page
from parley.accounts.models import Identity
from tests.tenancy.attack.world import MARK, World, dsn

METHODS = ("get", "post", "put", "patch", "delete")


def _routes(resolver: Any = None, prefix: str = "/") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def _domain_routes() -> list[str]:
    plain = [route for route in _routes() if "(" not in route]
    return sorted(route for route in plain if not is_identity_page(re.sub(r"<[^>]+>", "x", route)))


FITTING = {
    "attempt_id": "scenario_attempts",
    "user_id": "users",
    "team_id": "teams",
    "dispute_id": "criterion_disputes",
    "rescore_id": "rescores",
}
"""Whose id belongs in a place, by its name."""


def _foreign(route: str, world: World) -> list[str]:
    """The route with each id of Rival's rows in each of its places; the other places hold the id that fits there."""
    values = {
        "uuid": world.foreign_ids(),
        "int": ["1", "2"],
        "slug": ["rival-only"],
        "str": ["rival-only", *world.foreign_ids()[:3]],
        "path": ["rival/x"],
    }
    places = [(m[0], m[1] or "str", m[2]) for m in re.finditer(r"<(?:(\w+):)?(\w+)>", route)]
    fitting = {
        place: str(world.rows[FITTING[name]]["rival"]["id"]) if name in FITTING else values[kind][0]
        for place, kind, name in places
    }
    paths = [route] if not places else []
    for tried, kind, _ in places:
        for value in values[kind]:
            path = route
            for place, fits in fitting.items():
                path = path.replace(place, value if place == tried else fits, 1)
            paths.append(path)
    return list(dict.fromkeys(paths))


def _state_of_rival(world: World) -> list[Any]:
    with psycopg.connect(**dsn("owner")) as owner:
        org = world.rows["orgs"]["rival"]["id"]
        return [
            owner.execute(
                f"select '{table}', md5(string_agg(t::text, '|' order by t::text)) from {table} t where {column} = %s",
                [org],
            ).fetchone()
            for table in world.rows
            for column in ("id" if table == "orgs" else "org_id",)
        ]


@pytest.fixture
def addressed(world: World) -> World:
    """Rival has a scenario with a key of its own."""
    with psycopg.connect(**dsn("owner")) as owner:
        owner.execute("alter table scenarios disable trigger published")
        owner.execute(
            "update scenarios set key = 'rival-only', title = %s where id = %s",
            [MARK, world.rows["scenarios"]["rival"]["id"]],
        )
        owner.execute("alter table scenarios enable trigger published")
    return world


def _client(world: World, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Identity.objects.get(pk=world.cast.people()[name].identity.pk))
    return client


def test_nobody_reaches_another_organisations_rows_by_address(
    addressed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before, tried, wrong = _state_of_rival(addressed), 0, []
    for name in ("ben", "ana", "omar", "hana"):
        client = _client(addressed, name)
        for route in _domain_routes():
            for path in _foreign(route, addressed):
                for method in METHODS:
                    answer = getattr(client, method)(path)
                    tried += 1
                    body = b"" if answer.streaming else answer.content
                    if MARK.encode() in body:
                        wrong.append(f"{method} {path} as {name}: shows Rival's words")
                    if "<" in route and answer.status_code < 300:
                        wrong.append(f"{method} {path} as {name}: {answer.status_code}")
                    if answer.status_code >= 500:
                        wrong.append(f"{method} {path} as {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong[:30])
    assert _state_of_rival(addressed) == before
    with capsys.disabled():
        print(f"\n{tried} requests for another organisation's rows, 0 leaks")  # noqa: T201
    assert tried > 400


def test_the_rightful_admin_is_shown_them(addressed: World) -> None:
    """The same addresses open for Rival's own people: the refusals above were not for a missing page."""
    client = _client(addressed, "carla")
    shown = {
        route: max(client.get(path).status_code == 200 for path in _foreign(route, addressed))
        for route in _domain_routes()
        if "<" in route
    }
    assert shown["/attempts/<uuid:attempt_id>/"], shown
    assert shown["/scenarios/<slug:key>/"], shown
    assert MARK in client.get("/scenarios/rival-only/").content.decode()
