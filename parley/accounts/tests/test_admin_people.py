"""Admins run the people of their organisation; nobody else does, and there is always an admin left."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from parley.accounts.actions.people import Refused, change_user, deactivate_user
from parley.accounts.models import User
from parley.core.csv import harmless
from parley.core.models import AuditEntry, Event
from parley.core.tenancy import acting_as, acting_as_service
from tests.support.cast import Cast, Person

FIELDS = {"first_name": "Ben", "last_name": "", "title": "", "company": "", "phone": "", "nmls_id": ""}


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def _user(cast: Cast, person: Person) -> User:
    with acting_as_service("A test looks."):
        return User.objects.get(pk=person.user.pk)


def _csv(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("name", "reads", "writes"), [("ben", 403, 403), ("ana", 403, 403), ("hana", 200, 403), ("omar", 200, 200)]
)
def test_each_role_opens_what_it_may(cast: Cast, name: str, reads: int, writes: int) -> None:
    client = _client(cast.people()[name])
    for path in ("/admin/users/", "/admin/users/export.csv"):
        assert client.get(path).status_code == reads, path
    person = f"/admin/users/{cast.ben.user.pk}/"
    for path in (
        "/admin/users/invite/",
        person,
        "/admin/teams/",
        f"/admin/teams/{cast.ben.user.team_id}/",
        "/admin/audit/",
    ):
        assert client.get(path).status_code == writes, path
    if writes == 403:
        for path in (person, f"{person}standing/", "/admin/users/invite/", "/admin/teams/"):
            assert client.post(path, {"role": "admin", "change": "deactivate", "understood": "1"}).status_code == 403
        assert (_user(cast, cast.ben).role, _user(cast, cast.ben).is_active) == ("trainee", True)


def test_another_organisations_people_and_teams_are_not_there(cast: Cast) -> None:
    client = _client(cast.carla)
    for path in (f"users/{cast.ben.user.pk}/", f"teams/{cast.ben.user.team_id}/"):
        assert client.get(f"/admin/{path}").status_code == 404
        assert client.post(f"/admin/{path}standing/", {"change": "deactivate", "understood": "1"}).status_code == 404
    assert b"Ben" not in client.get("/admin/users/").content


def test_people_are_found_by_word_role_team_and_state(cast: Cast) -> None:
    client = _client(cast.omar)

    def found(query: str) -> set[str]:
        rows = _csv(client.get(f"/admin/users/export.csv?{query}"))[1:]
        return {row[0].split("@")[0] for row in rows}

    assert found("") == {"ana", "ben", "hana", "omar", "dan"}
    assert found("q=BEN") == {"ben"}
    assert found("role=trainee") == {"ben", "dan"}
    assert found("role=trainee&team=-") == {"dan"}
    assert found("team=Denver") == {"ben"}
    assert found("state=deactivated") == set()
    assert found("q=%25") == set()
    assert found("sort=nonsense&page=99&role=emperor") == {"ana", "ben", "hana", "omar", "dan"}


def test_the_table_sorts_and_pages_by_address(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        User.objects.bulk_create(
            User(org_id=cast.omar.user.org_id, email=f"p{n:03}@summit.test", first_name=f"P{n:03}") for n in range(60)
        )
    client = _client(cast.omar)
    first, second = client.get("/admin/users/?q=p&sort=-email"), client.get("/admin/users/?q=p&sort=-email&page=2")
    assert b"p059@" in first.content
    assert b"p001@" not in first.content
    assert b"p001@" in second.content
    assert b'aria-sort="descending"' in first.content


def test_the_list_asks_the_same_number_of_queries_however_many_people(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = _client(cast.omar)
    client.get("/admin/users/")
    with django_assert_max_num_queries(24):
        client.get("/admin/users/")


def test_a_role_is_changed_and_audited(cast: Cast) -> None:
    answer = _client(cast.omar).post(f"/admin/users/{cast.ben.user.pk}/", {**FIELDS, "role": "manager", "team": ""})
    assert answer.status_code == 302
    assert (_user(cast, cast.ben).role, _user(cast, cast.ben).team_id) == ("manager", None)
    with acting_as(cast.omar.member):
        entry = AuditEntry.objects.filter(row_id=str(cast.ben.user.pk), actor_id=cast.omar.user.pk).latest("id")
        assert (entry.old or {})["role"] == "trainee"
        assert Event.objects.filter(event="user.changed", subject_id=cast.ben.user.pk).count() == 1


def test_an_unknown_role_or_foreign_team_is_refused_with_what_was_typed(cast: Cast) -> None:
    client = _client(cast.omar)
    answer = client.post(f"/admin/users/{cast.ben.user.pk}/", {**FIELDS, "title": "Typed", "role": "emperor"})
    assert answer.status_code == 422
    assert b"emperor" in answer.content
    assert b"Typed" in answer.content


def test_nobody_takes_their_own_admin_role_or_deactivates_themselves(cast: Cast) -> None:
    client = _client(cast.omar)
    answer = client.post(f"/admin/users/{cast.omar.user.pk}/", {**FIELDS, "role": "trainee"})
    assert b"You are the last admin" in answer.content
    client.post(f"/admin/users/{cast.omar.user.pk}/standing/", {"change": "deactivate", "understood": "1"})
    assert (_user(cast, cast.omar).role, _user(cast, cast.omar).is_active) == ("admin", True)


def test_an_admin_who_was_demoted_meanwhile_changes_nothing(cast: Cast) -> None:
    with acting_as_service("A test makes a second admin."):
        User.objects.filter(pk=cast.ana.user.pk).update(role="admin")
    ana = cast.ana.member.__class__(cast.ana.user.pk, cast.ana.user.org_id, "admin")
    with acting_as(cast.omar.member):
        change_user(cast.ana.user, {"role": "manager"}, by=cast.omar.member)
    with acting_as(ana), pytest.raises(Refused, match="no admin any more"):
        deactivate_user(cast.omar.user, by=ana)


def test_deactivating_needs_a_tick_closes_the_door_and_can_be_undone(cast: Cast) -> None:
    omar, ben, path = _client(cast.omar), _client(cast.ben), f"/admin/users/{cast.ben.user.pk}/standing/"
    omar.post(path, {"change": "deactivate"})
    assert ben.get("/settings/profile/").status_code == 200
    omar.post(path, {"change": "deactivate", "understood": "1"})
    assert ben.get("/settings/profile/")["Location"] == "/no-membership/"
    omar.post(path, {"change": "deactivate", "understood": "1"})
    omar.post(path, {"change": "reactivate"})
    assert ben.get("/settings/profile/").status_code == 200


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_nothing_exported_runs_as_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")


def test_numbers_are_exported_as_numbers() -> None:
    assert (harmless(-3), harmless(2.5), harmless(None)) == ("-3", "2.5", "")


def test_the_audit_log_shows_and_exports_old_and_new(cast: Cast) -> None:
    client = _client(cast.omar)
    client.post(f"/admin/users/{cast.ben.user.pk}/", {**FIELDS, "title": "=evil()", "role": "trainee"})
    page = client.get(f"/admin/audit/?who={cast.omar.user.pk}&kind=users&row={cast.ben.user.pk}").content.decode()
    assert "<ins>=evil()</ins>" in page
    rows = _csv(client.get(f"/admin/audit/export.csv?row={cast.ben.user.pk}&action=update"))
    assert ["title", "", "'=evil()"] in [row[5:8] for row in rows]
    assert client.get("/admin/audit/?who=x&kind=x&since=x&until=9999-99-99&before=zz").status_code == 200
    assert b"No entry fits" in client.get("/admin/audit/?since=2031-01-01").content
    assert b"Ben" not in _client(cast.carla).get("/admin/audit/").content
