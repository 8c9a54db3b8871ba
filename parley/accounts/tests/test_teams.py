"""Teams are a tree: made, renamed, moved without circles, handed over, archived when empty."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from parley.accounts.actions.people import Refused
from parley.accounts.actions.teams import change_team
from parley.accounts.models import Team
from parley.core.tenancy import acting_as
from tests.support.cast import Cast


def _omar(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.omar.identity)
    return client


def _team(cast: Cast, name: str) -> Team:
    with acting_as(cast.omar.member):
        return Team.objects.get(name=name)


def _make(cast: Cast, name: str, parent: UUID | None = None) -> Team:
    values = {"name": name, "kind": "team", "parent": str(parent or ""), "manager": ""}
    assert _omar(cast).post("/admin/teams/", values).status_code == 302
    return _team(cast, " ".join(name.split()))


def test_a_team_is_made_below_another_and_shown_there(cast: Cast) -> None:
    denver = _team(cast, "Denver")
    made = _make(cast, "  Purchase   desk ".strip(), denver.pk)
    assert (made.name, made.parent_id) == ("Purchase desk", denver.pk)
    assert b"Purchase desk" in _omar(cast).get("/admin/teams/").content


def test_a_name_is_there_once(cast: Cast) -> None:
    answer = _omar(cast).post("/admin/teams/", {"name": "denver", "kind": "team"})
    assert answer.status_code == 422
    assert b"already a team called denver" in answer.content


def test_a_team_never_hangs_below_itself(cast: Cast) -> None:
    denver = _team(cast, "Denver")
    below = _make(cast, "Desk", denver.pk)
    values = {"name": "Denver", "kind": "team", "parent": str(below.pk)}
    assert _omar(cast).post(f"/admin/teams/{denver.pk}/", values).status_code == 422
    with acting_as(cast.omar.member), pytest.raises(Refused, match="itself part of"):
        change_team(denver, name="Denver", kind="team", parent=below, manager=None, by=cast.omar.member)
    assert _team(cast, "Denver").parent_id is None


def test_it_is_renamed_and_handed_over(cast: Cast) -> None:
    denver = _team(cast, "Denver")
    values = {"name": "Denver west", "kind": "branch", "parent": "", "manager": str(cast.omar.user.pk)}
    assert _omar(cast).post(f"/admin/teams/{denver.pk}/", values).status_code == 302
    team = _team(cast, "Denver west")
    assert (team.kind, team.manager_id) == ("branch", cast.omar.user.pk)


def test_a_trainee_cannot_lead(cast: Cast) -> None:
    values = {"name": "X", "kind": "team", "manager": str(cast.ben.user.pk)}
    assert _omar(cast).post("/admin/teams/", values).status_code == 422


def test_only_an_empty_team_is_archived_and_it_can_come_back(cast: Cast) -> None:
    client, denver, empty = _omar(cast), _team(cast, "Denver"), _make(cast, "Empty")
    client.post(f"/admin/teams/{denver.pk}/standing/", {"change": "archive"})
    assert _team(cast, "Denver").archived_at is None
    client.post(f"/admin/teams/{empty.pk}/standing/", {"change": "archive"})
    assert _team(cast, "Empty").archived_at is not None
    page = client.get("/admin/users/invite/").content.decode()
    assert "Denver" in page
    assert ">Empty</option>" not in page
    client.post(f"/admin/teams/{empty.pk}/standing/", {"change": "restore"})
    assert _team(cast, "Empty").archived_at is None
