"""One-click sign-in exists only with the switch on, an embedded database and a loopback address."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client


@pytest.fixture
def demo(db: None, settings: Any) -> None:
    settings.DEMO, settings.EMBEDDED_DATABASE, settings.ALLOWED_HOSTS = True, True, ["*"]
    call_command("load_demo", verbosity=0)


def _sign_in(role: str = "trainee", host: str = "localhost:8000", address: str = "127.0.0.1", **headers: str) -> Any:
    return Client().post("/demo/sign-in", {"role": role}, headers={"Host": host, **headers}, REMOTE_ADDR=address)


@pytest.mark.parametrize("role", ["trainee", "manager", "admin", "hr"])
def test_one_click_signs_in_as_each_role(demo: None, role: str) -> None:
    answer = _sign_in(role)
    assert answer.status_code == 302
    assert "sessionid" in answer.cookies


def test_loading_the_demo_twice_changes_nothing(demo: None) -> None:
    call_command("load_demo", verbosity=0)


def test_an_unknown_role_is_named(demo: None) -> None:
    answer = _sign_in("emperor")
    assert answer.status_code == 400
    assert b"emperor" in answer.content


@pytest.mark.parametrize(
    "case",
    [
        {"address": "192.0.2.7"},
        {"host": "parley.example.com"},
        {"host": "192.0.2.7:8000"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
    ],
)
def test_it_does_not_exist_for_anybody_who_is_not_on_this_machine(demo: None, case: dict[str, str]) -> None:
    assert _sign_in(**case).status_code == 404


@pytest.mark.parametrize("name", ["DEMO", "EMBEDDED_DATABASE"])
def test_it_needs_both_switches_and_debug_is_none_of_them(demo: None, settings: Any, name: str) -> None:
    setattr(settings, name, False)
    settings.DEBUG = True
    assert _sign_in().status_code == 404


def test_it_never_redirects_to_another_site(demo: None) -> None:
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = Client().post("/demo/sign-in", {"role": "trainee", "next": target}, headers={"Host": "localhost"})
        assert answer["Location"] == "/dashboard/"


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 302), ("192.0.2.7", 200)])
def test_the_known_password_opens_nothing_from_elsewhere(demo: None, address: str, status: int) -> None:
    form = {"login": "omar@demo.parley", "password": "parley-demo"}
    answer = Client().post("/sign-in/", form, headers={"Host": "localhost:8000"}, REMOTE_ADDR=address)
    assert answer.status_code == status
    assert ("sessionid" in answer.cookies) is (status == 302)


def test_an_organisation_and_its_first_admin_are_made_by_command(db: None) -> None:
    out = StringIO()
    call_command("make_org", "Harbor Lending", "zoe@harbor.test", stdout=out)
    password = out.getvalue().rsplit(" ", 1)[1].strip()
    form = {"login": "zoe@harbor.test", "password": password}
    assert Client().post("/sign-in/", form).status_code == 302
    with pytest.raises(CommandError, match="Harbor Lending"):
        call_command("make_org", "Harbor Lending", "zoe@harbor.test", stdout=out)
