"""What anybody may read without signing in."""

from __future__ import annotations

from django.test import Client


def test_search_engines_are_shown_the_home_page_alone() -> None:
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode().splitlines() == ["User-agent: *", "Allow: /$", "Allow: /static/", "Disallow: /"]


def test_a_sign_in_service_that_is_not_set_up_has_no_address(db: None) -> None:
    for path in ("/accounts/google/login/", "/accounts/microsoft/login/", "/accounts/oidc/sso/login/"):
        assert Client().get(path).status_code == 404, path
