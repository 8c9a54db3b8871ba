"""An invitation is one link to one address, once, for seven days; and the mail really goes out."""

from __future__ import annotations

import email
import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Inbox
from django.core import signing
from django.test import Client

from parley.accounts import invitations
from parley.accounts.actions.people import deactivate_user, invite_again, invite_user
from parley.accounts.models import Identity, User
from parley.core.tenancy import acting_as, acting_as_service
from tests.support.cast import Cast

PASSWORD = "a long and unusual one"


def _invite(cast: Cast, address: str = "nina@summit.test", **values: Any) -> User:
    with acting_as(cast.omar.member):
        given = {"role": "trainee", "first_name": "Nina", "last_name": "", "team": cast.ben.user.team, **values}
        return invite_user(email=address, by=cast.omar.member, **given)


def _again(user: User) -> User:
    with acting_as_service("A test looks."):
        return User.objects.get(pk=user.pk)


@pytest.fixture
def smtp(settings: Any) -> Iterator[list[Message]]:
    """A mail server on this machine, and what arrived."""
    arrived: list[Message] = []

    class Keeper(Inbox):
        def handle_message(self, message: Message) -> None:
            arrived.append(message)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Keeper(), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield arrived
    server.stop()


def test_the_form_adds_a_person_and_a_job_that_writes(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.omar.identity)
    values = {"email": "Nina@Summit.test", "first_name": "Nina", "role": "trainee", "team": str(cast.ben.user.team_id)}
    assert client.post("/admin/users/invite/", values).status_code == 302
    again = client.post("/admin/users/invite/", {**values, "last_name": "Typed"})
    assert again.status_code == 422
    assert b"here already" in again.content
    assert b"Typed" in again.content
    with acting_as_service("A test looks."):
        user = User.objects.get(email="nina@summit.test")
    assert user.is_invited
    assert client.get(f"/admin/users/{user.pk}/").status_code == 200


def test_the_mail_goes_through_smtp_with_a_link_that_works(cast: Cast, smtp: list[Message]) -> None:
    user = _invite(cast, first_name="Nina\nBcc: all@x.test")
    assert invitations.send_invitation(user.pk, inviter="Omar <b>")
    (mail,) = smtp
    assert mail["To"] == "nina@summit.test"
    assert mail["Subject"] == "Omar <b> invites you to Summit on Parley"
    assert mail["Bcc"] is None
    parts = {
        part.get_content_type(): part.get_payload(decode=True) for part in email.message_from_bytes(bytes(mail)).walk()
    }
    text, html = parts["text/plain"].decode(), parts["text/html"].decode()  # type: ignore[union-attr]
    found = re.search(r"/invitation/[^/\s]+/", text)  # made a second later, a token reads otherwise
    assert found
    link = found[0]
    assert link in html
    assert "Omar &lt;b&gt; has added you" in html
    assert Client().get(link).status_code == 200


def test_somebody_new_chooses_a_password_and_is_in(cast: Cast) -> None:
    user = _invite(cast)
    client, path = Client(), f"/invitation/{invitations.token_of(user)}/"
    weak = client.post(path, {"password": "12345"})
    assert weak.status_code == 422
    assert not Identity.objects.filter(email=user.email).exists()
    assert client.post(path, {"password": PASSWORD})["Location"] == "/dashboard/"
    assert client.get("/settings/profile/").status_code == 200
    assert _again(user).identity is not None
    assert Client().post(path, {"password": PASSWORD}).status_code == 410


def test_somebody_with_an_account_joins_with_it_and_nobody_else_does(cast: Cast) -> None:
    user = _invite(cast, cast.carla.user.email)
    path, stranger, carla = f"/invitation/{invitations.token_of(user)}/", Client(), Client()
    stranger.force_login(cast.ben.identity)
    carla.force_login(cast.carla.identity)
    stranger.post(path, {"password": PASSWORD})
    Client().post(path, {"password": PASSWORD})
    assert _again(user).identity is None
    assert carla.post(path).status_code == 302
    assert _again(user).identity == cast.carla.identity
    assert b"Summit" in carla.get("/settings/profile/").content


def test_an_old_replaced_or_forged_link_opens_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    user = _invite(cast)
    token = invitations.token_of(user)
    assert invitations.invited_by_token(token) is not None
    assert invitations.invited_by_token(token[:-2] + "xx") is None
    assert invitations.invited_by_token(signing.dumps(["x"], salt=invitations._SALT)) is None
    now = time.time()
    with monkeypatch.context() as later:
        later.setattr(
            "django.core.signing.time.time",
            lambda: now + timedelta(days=invitations.VALID_DAYS, hours=1).total_seconds(),
        )
        assert invitations.invited_by_token(token) is None
    with acting_as(cast.omar.member):
        newer = invite_again(_again(user), by=cast.omar.member)
    assert invitations.invited_by_token(token) is None
    assert invitations.invited_by_token(invitations.token_of(newer)) is not None
    with acting_as(cast.omar.member):
        deactivate_user(newer, by=cast.omar.member)
    assert invitations.invited_by_token(invitations.token_of(newer)) is None
    assert Client().get(f"/invitation/{token}/").status_code == 410
    assert not invitations.send_invitation(user.pk, inviter="Omar")
