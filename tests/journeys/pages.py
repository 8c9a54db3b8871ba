"""Every page of a running installation by who may open it: the URL map, with the ids that the pages themselves link to.

A page that is added later is found here too. One that takes an id is found when any other page links to it.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import APIRequestContext

VISITOR = "visitor"
"""Who has not signed in."""

SAMPLES = {
    "account_confirm_email": "/accounts/confirm-email/out-of-date/",
    "account_reset_password_from_key": "/accounts/password/reset/key/1-out-of-date/",
    "invitation": "/invitation/out-of-date/",
}
"""Addresses whose key only a letter holds: what they say to one that is out of date."""

NOT_PAGES = re.compile(r"/(api|storage)/|/healthz$|/live/$|/sign-out/$|\.csv$|/picture$|/logo$")
"""What answers with data, pictures or files, or would end the visit."""

NO_PAGE = {301, 302, 303, 405}
"""Statuses of an address that leads on, or only takes what a form sends."""

PER_ROUTE = 2
"""How many pages of one kind are looked at: the first one linked may be in another state than the second."""


@dataclass
class Pages:
    """What one person may open: addresses by route; one address by the status of a refusal; what failed."""

    shown: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def addresses(self) -> list[str]:
        """One address per route, and one page of each refusal."""
        return [paths[0] for _, paths in sorted(self.shown.items())] + sorted(self.refused.values())


def routes() -> dict[str, str]:
    """Every route of the URL map with its name, but those that hold no page."""
    return {route: name for route, name in _walk() if not NOT_PAGES.search(route)}


def _walk(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, str]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


def find_pages(asks: APIRequestContext) -> Pages:
    """Follow links from every route that needs no id; `asks` carries the cookies of whoever is signed in."""
    found, known = Pages(), routes()
    waiting = deque(SAMPLES.get(name, route) for route, name in known.items() if name in SAMPLES or not _is_open(route))
    seen = set(waiting)
    while waiting:
        path = waiting.popleft()
        route = route_of(path)
        if route not in known or len(found.shown.get(route, ())) >= PER_ROUTE:
            continue
        answer = asks.get(path, max_redirects=0)
        kind = answer.headers.get("content-type", "")
        if answer.status >= 500:
            found.broken.append(f"{path}: {answer.status}")
        if answer.status in NO_PAGE or "text/html" not in kind or "<html" not in (body := answer.text()):
            continue
        if answer.status != 200:
            found.refused.setdefault(answer.status, path)
            continue
        found.shown.setdefault(route, []).append(path)
        for link in re.findall(r'href="(/[^"#?]*)', body):
            address = html.unescape(link)
            if address not in seen:
                seen.add(address)
                waiting.append(address)
    return found


def _is_open(route: str) -> bool:
    """Must something be filled in before it is an address?"""
    return "<" in route or "(" in route


def route_of(path: str) -> str:
    """The route that answers an address; empty when none does."""
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return ""
