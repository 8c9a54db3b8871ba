"""Every address needs sign-in unless the list of public ones says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from parley.accounts.access import is_identity_page, is_public
from tests.support.cast import Cast

_SAMPLES = {"uuid": "0b8f4c1e-6d1f-4f0a-9a53-2f3f9a3f5a11", "slug": "s01", "path": "a/b.flac", "str": "x", "int": "1"}


def _paths(resolver: Any = None, prefix: str = "/") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern, prefix + route)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda m: _SAMPLES[m[1] or "str"], prefix + route)


def test_the_url_map_is_walked() -> None:
    assert len(list(_paths())) > 15


@pytest.mark.parametrize("path", sorted(p for p in _paths() if "(" not in p and not is_public(p)))
def test_a_stranger_is_sent_to_sign_in(db: None, path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(path)
        if path.startswith("/api/"):
            assert answer.status_code == 401, path
            assert answer.json()["error"]["code"] == "sign_in"
        else:
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/sign-in/"), path


@pytest.mark.parametrize("path", sorted(p for p in _paths() if "(" not in p and not is_identity_page(p)))
def test_an_identity_without_profile_gets_a_page_that_says_what_to_do(cast: Cast, path: str) -> None:
    from parley.accounts.models import Identity

    client = Client()
    client.force_login(Identity.objects.create_user("nobody@nowhere.test", "x"))
    answer = client.get(path)
    if path.startswith("/api/"):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "no_membership"
    else:
        assert answer["Location"] == "/no-membership/"
        page = client.get("/no-membership/")
        assert page.status_code == 403
        assert b"ask your manager or admin to add" in page.content.lower()
