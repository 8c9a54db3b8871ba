"""What is cached of a row counts exactly as long as the row: for every process, person and transaction."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from parley.accounts.models import Org
from parley.accounts.org_settings import org_settings
from parley.core.live import Notice, listener
from parley.core.row_cache import RowCache
from parley.core.tenancy import acting_as, acting_as_service
from parley.scenarios.cards import library_cards
from parley.scenarios.models import Scenario
from tests.support.cast import Cast

Names = RowCache[Org, str]


@pytest.fixture
def names() -> Iterator[tuple[Names, list[str]]]:
    """A cache of names, and the list of those that it had to make."""
    made: list[str] = []

    def make(row: Org) -> str:
        made.append(row.name)
        return row.name

    cache: Names = RowCache(Org, make)
    yield cache, made
    listener.watchers.remove(cache._hear)


def _one(cast: Cast) -> QuerySet[Org]:
    return Org.objects.filter(pk=cast.ben.user.org_id)


def _rename(org_id: UUID, name: str) -> None:
    with acting_as_service("Tests need organisations that change."):
        Org.objects.filter(pk=org_id).update(name=name)


def test_it_is_made_once_and_costs_one_short_query_afterwards(cast: Cast, names: Any) -> None:
    cache, made = names
    with acting_as(cast.ben.member):
        first = cache.of(_one(cast))
        with CaptureQueriesContext(connections["default"]) as asked:
            assert cache.of(_one(cast)) == first
    assert len(made) == len(asked) == 1
    assert "consent_text" not in asked[0]["sql"]


def test_the_writer_sees_its_own_change_at_once(cast: Cast, names: Any) -> None:
    cache, _ = names
    with acting_as(cast.omar.member):
        cache.of(_one(cast))
        _one(cast).update(name="First")
        assert cache.of(_one(cast)) == ["First"]
        _one(cast).update(name="Second")
        assert cache.of(_one(cast)) == ["Second"]


def test_what_is_rolled_back_was_never_there(committed_cast: Cast, names: Any) -> None:
    cache, _ = names
    with acting_as(committed_cast.ben.member):
        (before,) = cache.of(_one(committed_cast))
    with acting_as_service("Tests need organisations that change."):
        row = _one(committed_cast)
        with transaction.atomic():
            row.update(name="Half done")
            assert cache.of(row) == ["Half done"]
            transaction.set_rollback(True)
        assert cache.of(row) == [before]
        row.update(name="Done")
    with acting_as(committed_cast.ben.member):
        assert cache.of(_one(committed_cast)) == ["Done"]


def test_what_is_not_yet_committed_is_seen_by_nobody_else(committed_cast: Cast, names: Any) -> None:
    cache, _ = names
    pk = committed_cast.ben.user.org_id
    with acting_as(committed_cast.ben.member):
        (before,) = cache.of(_one(committed_cast))
    with transaction.atomic(using="owner"), connections["owner"].cursor() as other:
        other.execute("update orgs set name = 'By another process' where id = %s", [pk])
        with acting_as(committed_cast.ben.member):
            assert cache.of(_one(committed_cast)) == [before]
    with acting_as(committed_cast.ben.member):
        assert cache.of(_one(committed_cast)) == ["By another process"]


_ELSEWHERE = """
import json, sys, django
django.setup()
from uuid import UUID
from django.db import connections
from parley.core.tenancy import Member, acting_as
from parley.accounts.org_settings import org_settings
from parley.scenarios.cards import library_cards
for alias in connections:
    connections[alias].settings_dict["NAME"] = sys.argv[1]
member = Member(UUID(sys.argv[2]), UUID(sys.argv[3]), "trainee")
for line in sys.stdin:
    with acting_as(member):
        titles = [card.title for card in library_cards()]
        print(json.dumps([org_settings(member.org_id).retention_days, titles]), flush=True)
"""


def test_another_process_sees_a_change_with_its_next_look(committed_cast: Cast) -> None:
    cast = committed_cast
    name = str(connections["default"].settings_dict["NAME"])
    ben = cast.ben.member
    command = [sys.executable, "-c", _ELSEWHERE, name, str(ben.user_id), str(ben.org_id)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout

        def look() -> Any:
            other.stdin.write("look\n")  # type: ignore[union-attr]
            other.stdin.flush()  # type: ignore[union-attr]
            return json.loads(other.stdout.readline())  # type: ignore[union-attr]

        assert look() == [365, [cast.scenario.title]]
        with acting_as_service("Tests need organisations that change."):
            for days in (30, 31, 32):
                Org.objects.filter(pk=ben.org_id).update(retention_days=days)
        assert look() == [32, [cast.scenario.title]]
        with acting_as_service("Tests need scenarios that change."):
            Scenario.objects.filter(pk=cast.scenario.pk).update(status="archived")
        assert look() == [32, []]
        other.stdin.close()


def test_nobody_gets_what_another_organisation_made(cast: Cast, names: Any) -> None:
    cache, _ = names
    with acting_as(cast.carla.member):
        assert cache.of(Org.objects.filter(pk=cast.carla.user.org_id)) == ["Rival"]
    with acting_as(cast.ben.member):
        assert cache.of(Org.objects.filter(pk=cast.carla.user.org_id)) == []
        assert cache.of(Org.objects.all()) == ["Summit"]
        assert not {card.title for card in library_cards()} - set(Scenario.objects.values_list("title", flat=True))


def test_a_change_makes_nothing_of_another_organisation_anew(cast: Cast, names: Any) -> None:
    cache, made = names
    with acting_as(cast.carla.member):
        cache.of(Org.objects.all())
    _rename(cast.ben.user.org_id, "New")
    cache._hear(Notice(cast.ben.user.org_id, "changed:orgs"))
    made.clear()
    with acting_as(cast.carla.member):
        cache.of(Org.objects.all())
    assert made == []


def test_a_lost_listener_empties_it_and_a_notice_frees_memory(cast: Cast, names: Any) -> None:
    cache, _ = names
    with acting_as(cast.ben.member):
        cache.of(_one(cast))
    cache._hear(Notice(cast.ben.user.org_id, "changed:scenarios"))
    assert len(cache) == 1
    cache._hear(Notice(cast.ben.user.org_id, "changed:orgs"))
    assert len(cache) == 0
    with acting_as(cast.ben.member):
        cache.of(_one(cast))
    cache._hear(None)
    assert len(cache) == 0


def test_it_keeps_at_most_so_many(cast: Cast, names: Any) -> None:
    cache, _ = names
    cache._most = 1
    with acting_as(cast.omar.member):
        for number in range(4):
            _one(cast).update(name=f"T{number}")
            cache.of(_one(cast))
    with acting_as_service("Tests look at every organisation."):
        assert len(cache.of(Org.objects.all())) == Org.objects.count() > 1
    assert len(cache) == 1


def test_the_settings_of_an_organisation_count_from_the_next_look(cast: Cast) -> None:
    org_id = cast.ben.user.org_id
    with acting_as(cast.omar.member):
        assert org_settings(org_id).retention_days == 365
        Org.objects.filter(pk=org_id).update(retention_days=30)
        assert org_settings(org_id).retention_days == 30
    with acting_as(cast.carla.member), pytest.raises(Org.DoesNotExist):
        org_settings(org_id)
