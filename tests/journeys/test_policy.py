"""No page asks another host or holds what its Content-Security-Policy keeps out. Spoken calls watch the same way."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from tests.journeys.conftest import WATCH_POLICY, Open, sign_in
from tests.journeys.test_accessibility import SIGNED_IN, SIGNED_OUT

FOR_ADMINS = ("/admin/design-system", "/menu/", "/disputes/", "/compliance/", "/settings/profile/")


def test_every_main_page_keeps_to_the_policy(open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    for path in SIGNED_OUT:
        page.goto(path)
    sign_in(page, "Omar Haddad")
    for path in (*SIGNED_IN, *FOR_ADMINS):
        page.goto(path)
        _scroll_through(page)


def test_what_is_inline_is_kept_out_and_noticed(open_browser: Callable[..., Browser], installation: str) -> None:
    page = open_browser().new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.add_init_script(WATCH_POLICY)
    page.goto(installation)
    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", "<p id=red style='color: rgb(255, 0, 0)'>Red</p>");
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""")
    assert page.evaluate("getComputedStyle(document.getElementById('red')).color") != "rgb(255, 0, 0)"
    assert page.evaluate("window.ran") is None
    page.wait_for_timeout(200)
    noticed = [text for text in heard if text.startswith("policy: ")]
    assert any("style-src" in text for text in noticed), heard
    assert any("script-src" in text for text in noticed), heard


def _scroll_through(page: Page) -> None:
    """Islands load when they are seen."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(400)
