"""Somebody is forgotten because they ask or an admin decides; what is typed confirms it, and a worker does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parley.accounts.models import Identity, User
from parley.calls.models import Recording
from parley.core.models import AuditEntry, Event
from parley.core.storage import bucket
from parley.core.tenancy import acting_as, acting_as_service
from parley.reporting import erasures
from parley.reporting.jobs import erase_person
from parley.reporting.models import Erasure
from parley.reporting.tests.test_privacy import _scored_call
from tests.support.cast import Cast, Person


@pytest.fixture(autouse=True)
def _own_buckets(settings: Any, tmp_path: Path) -> None:
    disks = {
        name: {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / name)}}
        for name in settings.BUCKETS
    }
    settings.STORAGES = {**settings.STORAGES, **disks}


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def _rows() -> list[Erasure]:
    with acting_as_service("A test looks."):
        return list(Erasure.objects.order_by("asked_at"))


def test_a_person_asks_by_typing_their_address_and_may_take_it_back(cast: Cast) -> None:
    client = _client(cast.ben)
    client.post("/settings/data/erasure/", {"change": "ask", "typed": "ben"})
    assert _rows() == []
    for _ in range(2):
        client.post("/settings/data/erasure/", {"change": "ask", "typed": "BEN@summit.test "})
    (row,) = _rows()
    assert (row.status, row.asked_by_person) == ("asked", True)
    assert "You asked to be erased" in client.get("/settings/data/").content.decode()
    client.post("/settings/data/erasure/", {"change": "withdraw"})
    assert [row.status for row in _rows()] == ["withdrawn"]
    with acting_as_service("A test looks."):
        assert User.objects.get(pk=cast.ben.user.pk).is_active


def test_the_admin_sees_what_goes_types_the_address_and_the_person_is_gone(cast: Cast) -> None:
    call = _scored_call(cast, mode="practice")
    with acting_as_service("A test looks."):
        path = Recording.objects.get(attempt=call).path
    _client(cast.ben).post("/settings/data/erasure/", {"change": "ask", "typed": cast.ben.user.email})
    client, page = _client(cast.omar), f"/admin/users/{cast.ben.user.pk}/erase/"
    assert cast.ben.user.email in client.get("/admin/erasures/").content.decode()
    assert "asked for this" in client.get(page).content.decode()
    wrong = client.post(page, {"typed": "ben@rival.test"})
    assert wrong.status_code == 422
    assert "“ben@rival.test” is not ben@summit.test" in wrong.content.decode()
    assert client.post(page, {"typed": cast.ben.user.email}).status_code == 302
    (row,) = _rows()
    assert (row.status, row.by_id) == ("queued", cast.omar.user.pk)
    assert _client(cast.ben).get("/settings/data/").status_code == 302
    assert erase_person(str(row.pk))
    assert not erase_person(str(row.pk))
    (row,) = _rows()
    assert (row.status, row.counts["calls"], row.counts["recordings"]) == ("done", 1, 1)
    assert not bucket("recordings").exists(path)
    assert not Identity.objects.filter(pk=cast.ben.identity.pk).exists()
    assert client.get(f"/admin/users/{cast.ben.user.pk}/").status_code == 404
    shown = client.get("/admin/erasures/").content.decode()
    assert "erased, as asked" in shown
    assert "Ben" not in shown
    with acting_as(cast.omar.member):
        assert Event.objects.get(event="user.erased").actor_id == cast.omar.user.pk
        assert AuditEntry.objects.filter(table_name="erasures").exists()


def test_a_request_can_be_declined_once(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        row = erasures.ask_to_be_erased(by=cast.ben.member)
    client = _client(cast.omar)
    client.post("/admin/erasures/", {"erasure": str(row.pk)})
    client.post("/admin/erasures/", {"erasure": str(row.pk)})
    assert [row.status for row in _rows()] == ["refused"]
    assert "was declined" in _client(cast.ben).get("/settings/data/").content.decode()


def test_nobody_erases_themselves_and_only_admins_erase(cast: Cast) -> None:
    own = _client(cast.omar).post(f"/admin/users/{cast.omar.user.pk}/erase/", {"typed": cast.omar.user.email})
    assert "ask another admin" in own.content.decode()
    for name in ("ana", "ben", "hana"):
        client = _client(cast.people()[name])
        assert client.get("/admin/erasures/").status_code == 403
        assert client.post(f"/admin/users/{cast.dan.user.pk}/erase/", {"typed": cast.dan.user.email}).status_code == 403
    assert _client(cast.carla).get(f"/admin/users/{cast.ben.user.pk}/erase/").status_code == 404
    assert _rows() == []
