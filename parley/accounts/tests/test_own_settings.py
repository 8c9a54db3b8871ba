"""Everybody changes their own settings, nobody another's, and nothing that was typed is lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from parley.accounts import avatars
from parley.accounts.models import Consent, User
from parley.core.models import AuditEntry
from parley.core.storage import bucket
from parley.core.tenancy import acting_as
from tests.support.cast import Cast, Person

PAGES = ("profile", "preferences", "sign-in", "sessions", "consents")


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def _user(person: Person) -> User:
    with acting_as(person.member):
        return User.objects.get(pk=person.user.pk)


def _profile(**changes: Any) -> dict[str, Any]:
    return {
        "first_name": "Ben",
        "last_name": "Okafor",
        "phone": "+1 303 555 0100",
        "nmls_id": "NMLS #0012345",
        **changes,
    }


@pytest.mark.parametrize("name", ["ana", "ben", "hana", "omar"])
def test_every_role_opens_every_page(cast: Cast, name: str) -> None:
    client = _client(cast.people()[name])
    for page in PAGES:
        answer = client.get(f"/settings/{page}/")
        assert answer.status_code == 200, page
        assert b'aria-current="page"' in answer.content


def test_the_profile_is_saved_tidied_and_audited(cast: Cast) -> None:
    answer = _client(cast.ben).post("/settings/profile/", _profile(licensed_states=["CO", "UT"], bio=" Hello "))
    assert answer.status_code == 302
    user = _user(cast.ben)
    assert (user.last_name, user.nmls_id, user.licensed_states, user.bio) == ("Okafor", "12345", ["CO", "UT"], "Hello")
    with acting_as(cast.omar.member):
        entry = AuditEntry.objects.filter(table_name="users", row_id=str(user.pk), action="update").latest("id")
    assert entry.actor_id == user.pk
    assert entry.new is not None
    assert entry.new["nmls_id"] == "12345"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nmls_id", "12a45", "12a45"),
        ("nmls_id", "0000", "0000"),
        ("nmls_id", "1234567890123", "1234567890123"),
        ("phone", "call me", "call me"),
        ("licensed_states", "ZZ", "ZZ"),
        ("first_name", "", "required"),
        ("bio", "x" * 1001, "1001 characters"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(cast: Cast, field: str, value: str, words: str) -> None:
    answer = _client(cast.ben).post("/settings/profile/", _profile(title="Senior officer", **{field: value}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Senior officer" in page
    assert _user(cast.ben).title == ""


def test_role_team_and_address_are_not_ones_own_to_change(cast: Cast) -> None:
    _client(cast.ben).post(
        "/settings/profile/", _profile(role="admin", team="", email="x@y.test", org=str(cast.carla.user.org_id))
    )
    user = _user(cast.ben)
    assert (user.role, user.email, user.org_id) == ("trainee", cast.ben.user.email, cast.ben.user.org_id)


def test_preferences_hold_for_the_next_page(cast: Cast) -> None:
    client = _client(cast.ben)
    chosen = {"theme": "dark", "locale": "en-GB", "timezone": "Asia/Tokyo", "mails": ["scored"]}
    answer = client.post("/settings/preferences/", chosen)
    assert answer.cookies["theme"].value == "dark"
    user = _user(cast.ben)
    assert (user.theme, user.locale, user.timezone) == ("dark", "en-GB", "Asia/Tokyo")
    assert user.wants_mail("scored")
    assert not user.wants_mail("due")
    assert b'value="Asia/Tokyo" selected' in client.get("/settings/preferences/").content


def test_an_unknown_time_zone_is_named(cast: Cast) -> None:
    answer = _client(cast.ben).post(
        "/settings/preferences/", {"theme": "dark", "locale": "en-US", "timezone": "Mars/Base"}
    )
    assert answer.status_code == 422
    assert b"Mars/Base" in answer.content


def test_times_are_shown_in_the_persons_zone(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        User.objects.filter(pk=cast.ben.user.pk).update(timezone="Pacific/Kiritimati")
        created = User.objects.get(pk=cast.ben.user.pk).created_at
    from zoneinfo import ZoneInfo

    local = created.astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert f"{local.day} {local:%B %Y}".encode() in _client(cast.ben).get("/settings/profile/").content


def test_whoever_takes_consent_back_must_say_that_they_understand(cast: Cast) -> None:
    client = _client(cast.ben)
    client.post("/settings/consents/", {"change": "give"})
    client.post("/settings/consents/", {"change": "withdraw"})
    with acting_as(cast.ben.member):
        assert Consent.objects.filter(user_id=cast.ben.user.pk, withdrawn_at=None).count() == 2
    client.post("/settings/consents/", {"change": "withdraw", "understood": "1"})
    with acting_as(cast.ben.member):
        assert not Consent.objects.filter(user_id=cast.ben.user.pk, withdrawn_at=None).exists()
    assert b"You withdrew your consent" in client.get("/settings/consents/").content


@pytest.fixture
def pictures(settings: Any, tmp_path: Path) -> None:
    disk = {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / "avatars")}}
    settings.STORAGES = {**settings.STORAGES, "avatars": disk}


def _halves() -> io.BytesIO:
    """A wide picture: red on the left, blue on the right."""
    image = Image.new("RGB", (800, 400), "red")
    image.paste((0, 0, 255), (400, 0, 800, 400))
    out = io.BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    out.name = "me.png"
    return out


def test_the_chosen_part_of_a_picture_is_kept(cast: Cast, pictures: None) -> None:
    client = _client(cast.ben)
    answer = client.post("/settings/profile/picture/", {"picture": _halves(), "left": "0.5", "top": "0", "width": "1"})
    assert answer.status_code == 302
    with bucket("avatars").open(_user(cast.ben).avatar_url.removeprefix("avatars/")) as file:
        kept = Image.open(file).convert("RGB")
    red, _, blue = kept.getpixel((kept.width // 2, kept.height // 2))  # type: ignore[misc]
    assert kept.width == kept.height == 400
    assert blue > 200 > 60 > red


def test_without_a_choice_the_middle_is_kept_and_colleagues_alone_see_it(cast: Cast, pictures: None) -> None:
    client = _client(cast.ben)
    client.post("/settings/profile/picture/", {"picture": _halves()})
    address = f"/people/{cast.ben.user.pk}/picture"
    answer = _client(cast.hana).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert _client(cast.carla).get(address).status_code == 404
    client.post("/settings/profile/picture/", {"remove": "1"})
    assert _client(cast.hana).get(address).status_code == 404


def test_what_is_no_picture_is_refused_on_the_page(cast: Cast, pictures: None) -> None:
    file = io.BytesIO(b"<svg/>")
    file.name = "me.png"
    answer = _client(cast.ben).post("/settings/profile/picture/", {"picture": file})
    assert answer.status_code == 422
    assert b"no PNG, JPEG, WebP or GIF" in answer.content


@pytest.mark.parametrize("square", [(0.99, 0.99, 1.0), (0.0, 0.0, 0.02), (1.0, 1.0, 0.5)])
def test_a_square_that_reaches_over_an_edge_is_moved_inside(square: tuple[float, float, float]) -> None:
    piece = avatars.cut(Image.new("RGB", (801, 403)), square)
    assert piece.width == piece.height >= 8
