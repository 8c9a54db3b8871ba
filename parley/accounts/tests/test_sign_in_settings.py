"""Ways to sign in and sessions belong to the identity: only their owner sees and ends them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client

from parley.accounts.sign_in import device_of
from tests.support.cast import Cast, Person

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"


def _signed_in(person: Person, agent: str) -> Client:
    EmailAddress.objects.get_or_create(user=person.identity, email=person.identity.email, primary=True, verified=True)
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/sign-in/", {"login": person.identity.email, "password": "correct horse battery"})
    assert answer.status_code == 302
    return client


def test_sessions_are_listed_by_device_and_ended_elsewhere(cast: Cast) -> None:
    here, phone = _signed_in(cast.ben, FIREFOX), _signed_in(cast.ben, SAFARI)
    page = here.get("/settings/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on an iPhone" in page
    here.post("/settings/sessions/")
    assert phone.get("/settings/sessions/").status_code == 302
    assert here.get("/settings/sessions/").status_code == 200


def test_nobody_ends_anothers_session(cast: Cast) -> None:
    ben, dan = _signed_in(cast.ben, FIREFOX), _signed_in(cast.dan, SAFARI)
    key = UserSession.objects.get(user=cast.ben.identity).session_key
    dan.post("/settings/sessions/", {"key": key})
    assert ben.get("/settings/sessions/").status_code == 200


def test_a_second_step_is_asked_for_once_it_is_set_up(cast: Cast) -> None:
    TOTP.activate(cast.ben.identity, generate_totp_secret())
    client = _signed_in(cast.ben, FIREFOX)
    assert client.get("/settings/sign-in/")["Location"].startswith("/sign-in/")
    assert Authenticator.objects.filter(user=cast.ben.identity).count() == 1
    other = _signed_in(cast.dan, FIREFOX)
    assert b"Off. A second step" in other.get("/settings/sign-in/").content


def test_each_way_to_sign_in_opens_its_page_once_the_password_is_given_again(cast: Cast) -> None:
    client = _signed_in(cast.ben, FIREFOX)
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    for path in ("password/change/", "email/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/", "3rdparty/"):
        assert client.get(f"/accounts/{path}").status_code == 200, path


def test_devices_are_called_as_people_call_them() -> None:
    assert device_of("curl/8.1") == "curl"
    assert device_of("") == "An unknown browser"
