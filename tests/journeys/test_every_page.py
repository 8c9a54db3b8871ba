"""Every page, as everybody who may open it sees it: rules of axe, widths, directions, jumps, the keyboard's first stop.

The pages are found by the URL map, so a page that is added later is looked at too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from parley.core.tenancy import ROLES
from tests.journeys.axe import BY_LOOKS, axe
from tests.journeys.conftest import WATCH_POLICY, launch, sign_in_by_password
from tests.journeys.pages import VISITOR, Pages, find_pages, route_of

pytestmark = pytest.mark.slow

NARROWEST, PHONE, ZOOMED, DESK, WALL = 360, 390, 640, 1440, 2560
"""Widths in px. 640 is also a window of 1280 at 200 % zoom."""
TALL = 4000
"""A window so high that every island is seen, and loads."""
SHIFT_LIMIT = 0.02
SKIPS_NOTHING = """
document.body.className !== "plain"
  && (document.activeElement.className !== "skip-link" || !document.querySelector("main#main"))
"""
"""A plain page of a problem has a single link before its content, so nothing to skip."""
_read: set[str] = set()
"""Routes whose markup was read on a phone in the dark already."""

WATCH_SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Walk:
    """What was noticed on the way through one person's pages."""

    who: str
    pages: Pages
    visited: int = 0
    noticed: dict[str, list[str]] = field(default_factory=dict)

    def note(self, kind: str, *problems: str) -> None:
        self.noticed.setdefault(kind, []).extend(problems)


@pytest.fixture(scope="module", params=[VISITOR, *ROLES])
def walk(request: pytest.FixtureRequest, playwright: Playwright, installation: str) -> Iterator[Walk]:
    """One walk through all pages of this person, which the tests below ask about."""
    browser = launch(playwright)
    try:
        yield _walk(browser, installation, request.param)
    finally:
        browser.close()


def test_no_page_breaks_a_rule_in_light_or_dark(walk: Walk) -> None:
    assert not walk.noticed.get("axe"), "\n".join(walk.noticed["axe"])
    assert walk.visited >= 10


def test_no_page_is_wider_than_its_window(walk: Walk) -> None:
    assert not walk.noticed.get("wide"), "\n".join(walk.noticed["wide"])


def test_nothing_jumps_while_a_page_loads(walk: Walk) -> None:
    assert not walk.noticed.get("shift"), "\n".join(walk.noticed["shift"])


def test_the_first_stop_of_the_keyboard_skips_to_the_content(walk: Walk) -> None:
    assert not walk.noticed.get("keyboard"), "\n".join(walk.noticed["keyboard"])


def test_no_page_asks_another_host_or_breaks_the_policy(walk: Walk) -> None:
    assert not walk.noticed.get("policy"), "\n".join(walk.noticed["policy"])


def test_no_address_fails(walk: Walk) -> None:
    assert not walk.pages.broken


def _walk(browser: Browser, installation: str, who: str) -> Walk:
    context = browser.new_context(base_url=installation, reduced_motion="reduce")
    page = context.new_page()
    if who != VISITOR:
        sign_in_by_password(page, who)
    walk = Walk(who, find_pages(context.request))
    page.add_init_script(WATCH_POLICY + WATCH_SHIFT)
    here: list[str] = [""]

    def watch(request: Any) -> None:
        if not request.url.startswith((installation, "data:", "blob:", installation.replace("http", "ws", 1))):
            walk.note("policy", f"{here[0]} asked {request.url}")

    page.on("request", watch)
    page.on("pageerror", lambda error: walk.note("policy", f"{here[0]}: a script failed: {error}"))
    page.on("console", lambda m: walk.note("policy", f"{here[0]}: {m.text}") if m.text.startswith("policy: ") else None)
    for path in walk.pages.addresses():
        here[0] = path
        _look_at(page, path, walk)
        walk.visited += 1
    context.close()
    return walk


def _look_at(page: Page, path: str, walk: Walk) -> None:
    name = f"{walk.who} at {path}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK, "height": TALL})
    page.goto(path)
    page.wait_for_timeout(250)
    if (shift := page.evaluate("window.shift")) > SHIFT_LIMIT:
        walk.note("shift", f"{name}: {shift:.3f}")
    page.keyboard.press("Tab")
    if page.evaluate(SKIPS_NOTHING):
        walk.note("keyboard", f"{name}: the first Tab is not a way to <main id=main>")
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    walk.note("axe", *axe(page, f"{name}, light"))
    _measure_widths(page, name, walk)
    page.set_viewport_size({"width": PHONE, "height": TALL})
    page.emulate_media(color_scheme="dark")
    page.goto(path)  # a page chooses its theme as it loads
    page.wait_for_timeout(100)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    # Whoever comes later to a page of the same kind looks at its colours and sizes alone: that keeps this to minutes.
    rules = BY_LOOKS if route_of(path) in _read else None
    walk.note("axe", *axe(page, f"{name}, dark, on a phone", rules=rules))
    _read.add(route_of(path))


def _measure_widths(page: Page, name: str, walk: Walk) -> None:
    for width in (NARROWEST, ZOOMED, WALL):
        page.set_viewport_size({"width": width, "height": TALL})
        if (needs := page.evaluate("document.documentElement.scrollWidth")) > width:
            walk.note("wide", f"{name}: {needs} px in {width}")
    page.set_viewport_size({"width": NARROWEST, "height": TALL})
    page.evaluate("document.documentElement.dir = 'rtl'")
    if (needs := page.evaluate("document.documentElement.scrollWidth")) > NARROWEST:
        walk.note("wide", f"{name}: {needs} px in {NARROWEST}, from right to left")
    page.evaluate("document.documentElement.dir = 'ltr'")
