"""Every page stands in the list of pages, and everybody sees those that open for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from parley.accounts.access import is_identity_page
from parley.shell import nav
from tests.support.cast import Cast

PARTS = {
    "admin-people",
    "admin-import-template",
    "admin-import-refused",
    "admin-audit-csv",
    "admin-users-csv",
    "avatar",
    "org-logo",
    "attempt-score",
    "attempt-feedback",
    "evals-rows",
    "sidebar-counts",
    "live",
}
"""What fills a part of a page, and has none of its own."""


def _get_routes(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _get_routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def test_every_page_is_listed(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.omar.identity)
    missing = []
    for route, pattern in _get_routes():
        path = re.sub(r"<uuid:\w+>", "0b8f4c1e-6d1f-4f0a-9a53-2f3f9a3f5a11", route)
        path = re.sub(r"<[^>]+>", "x", path)
        if "(" in route or path.startswith("/api/") or is_identity_page(path) or pattern.name in PARTS:
            continue
        if client.get(path).status_code != 405 and pattern.name not in nav.BY_NAME:
            missing.append(f"{pattern.name} ({route})")
    assert not missing, f"Add a Page for each to parley/shell/nav.py, or name it in PARTS: {missing}"


def test_every_parent_and_icon_is_known() -> None:
    from parley.shell.templatetags.assets import icon

    assert len(nav.BY_NAME) == len(nav.PAGES)
    for page in nav.PAGES:
        assert not page.parent or page.parent in nav.BY_NAME, page
        assert page.group in (None, nav.YOU, *nav.GROUPS), page
        assert "<svg" in icon(page.icon)


@pytest.mark.parametrize("name", ["ana", "ben", "hana", "omar"])
def test_what_the_sidebar_lists_opens_and_what_it_hides_does_not(cast: Cast, name: str) -> None:
    person, client = cast.people()[name], Client()
    client.force_login(person.identity)
    html = client.get("/menu/").content.decode()
    for page in nav.PAGES:
        if page.group is None:
            continue
        address = reverse(page.name)
        assert (f'href="{address}"' in html) == page.is_open_to(person.member), page
        assert client.get(address).status_code == (200 if page.is_open_to(person.member) else 403), page


def test_the_page_above_is_current_in_the_sidebar(cast: Cast) -> None:
    groups = nav.sidebar(cast.ana.member, resolve("/attempts/import/"), {"disputes": 3})
    steps = [step for _, steps in groups for step in steps]
    assert [step.title for step in steps if step.is_current] == ["My calls"]
    assert {step.page.name: step.count for step in steps}["disputes"] == 3


def test_the_trail_leads_from_the_library_to_the_call() -> None:
    steps = nav.trail(resolve("/play/s01/"), here="Ring Marcus")
    assert [(step.title, step.url) for step in steps] == [
        ("Practice", "/scenarios/"),
        ("Scenario", "/scenarios/s01/"),
        ("Ring Marcus", "/play/s01/"),
    ]


def test_every_page_says_where_one_is(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.omar.identity)
    key = cast.scenario.key
    for path in (
        "/scenarios/",
        "/attempts/",
        "/disputes/",
        "/evals/",
        f"/scenarios/{key}/",
        f"/scenarios/{key}/rescore/",
    ):
        html = client.get(path).content.decode()
        assert html.count('aria-label="Where you are"') == 1, path
        assert 'aria-current="page"' in html.split('aria-label="Where you are"')[1].split("</nav>")[0], path


def test_a_narrow_sidebar_is_narrow_from_the_first_byte(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    assert 'data-sidebar="collapsed"' not in client.get("/attempts/").content.decode()
    answer = client.post("/preferences/sidebar/", {"width": "narrow", "next": "/attempts/"})
    assert answer["Location"] == "/attempts/"
    assert 'data-sidebar="collapsed"' in client.get("/attempts/").content.decode()
    client.post("/preferences/sidebar/", {"width": "wide"})
    assert 'data-sidebar="collapsed"' not in client.get("/attempts/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_installation(cast: Cast, elsewhere: str) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    answer = client.post("/preferences/sidebar/", {"width": "narrow", "next": elsewhere})
    assert answer["Location"] == "/dashboard/"
