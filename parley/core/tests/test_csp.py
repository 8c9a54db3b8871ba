"""Pages load from our own host, and from a service only while it is switched on."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from parley.core import csp


def _hosts(services: csp.Services) -> dict[str, list[str]]:
    directives: dict[str, list[str]] = csp.policy(services)["DIRECTIVES"]
    return {name: [one for one in sources if "://" in str(one)] for name, sources in directives.items()}


def test_nobody_else_is_asked_by_default() -> None:
    named = {one for sources in _hosts(csp.Services("https://parley.test")).values() for one in sources}
    assert named == {"wss://parley.test"}


def test_nothing_inline_and_nothing_evaluated_is_allowed() -> None:
    key = "pk_live_" + base64.b64encode(b"clerk.parley.test$").decode()
    everything = csp.Services("http://x.test", ("https://s3.test",), key, True, True, ("https://id.test",))
    words = str(csp.policy(everything))
    assert "unsafe-inline" not in words
    assert "unsafe-eval" not in words


def test_each_service_opens_its_own_hosts() -> None:
    key = "pk_live_" + base64.b64encode(b"clerk.parley.test$").decode()
    assert _hosts(csp.Services("http://x.test", clerk_key=key))["script-src"] == ["https://clerk.parley.test"]
    assert "https://checkout.stripe.com" in _hosts(csp.Services("http://x.test", stripe=True))["form-action"]
    assert "https://api.vapi.ai" in _hosts(csp.Services("http://x.test", vapi=True))["connect-src"]
    stored = _hosts(csp.Services("http://x.test", csp.storage_origins("s3", "https://s3.eu.test:9000/x")))
    assert stored["media-src"] == ["https://s3.eu.test:9000"]
    assert csp.storage_origins("disk", "https://s3.eu.test") == ()


def test_sign_in_services_may_be_led_to() -> None:
    oidc = {"APPS": [{"settings": {"server_url": "https://login.bank.test/realm/.well-known"}}]}
    assert csp.sign_in_origins({"google": {}, "openid_connect": oidc}) == (
        "https://accounts.google.com",
        "https://login.bank.test",
    )


def test_a_key_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="'sk_live_secret'"):
        csp.clerk_host("sk_live_secret")


@pytest.mark.django_db
def test_every_answer_carries_the_policy_and_its_own_nonce() -> None:
    client = Client()
    first, second = client.get("/"), client.get("/")
    policy = first.headers["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in first.content.decode()
    assert nonce not in second.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "Content-Security-Policy" in client.get("/no-such-page/").headers
