"""No page breaks a rule of axe, in light and dark, and none is wider than a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import axe
from tests.journeys.conftest import Open, sign_in

SIGNED_OUT = ("/", "/sign-in/", "/accounts/password/reset/", "/accounts/signup/")
SIGNED_IN = (
    "/dashboard/",
    "/scenarios/",
    "/scenarios/s01-inbound-rate-shopper/",
    "/play/s01-inbound-rate-shopper/",
    "/attempts/",
    "/no-such-page/",
)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_no_page_breaks_a_rule(open_page: Open, theme: str, width: int) -> None:
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    problems = [problem for path in SIGNED_OUT for problem in problems_of(page, path)]
    sign_in(page)
    paths = (*SIGNED_IN, *reviews(page))
    problems += [problem for path in paths for problem in problems_of(page, path)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_menus_that_are_open_break_no_rule(open_page: Open, theme: str, width: int) -> None:
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    sign_in(page)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search pages")
    expect(field).to_be_focused()
    field.fill("rate shopper")
    answers = page.get_by_role("listbox", name="Answers")
    expect(answers.get_by_role("option").first).to_be_visible()
    problems = axe(page, "command menu")
    page.keyboard.press("Escape")
    if width < 1024:
        page.get_by_role("link", name="Open the menu").click()
        expect(page.locator("#drawer")).to_be_visible()
        problems += axe(page, "drawer")
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    field.fill("practice")
    expect(answers.get_by_role("option", name="Practice", exact=True)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scenarios/")
    assert not problems, "\n".join(problems)


def reviews(page: Page) -> list[str]:
    """The newest scored call, when an earlier journey has left one."""
    page.goto("/attempts/")
    links = page.get_by_role("row").filter(has=page.locator(".pill-score")).get_by_role("link")
    return [str(links.first.get_attribute("href"))] if links.count() else []


def problems_of(page: Page, path: str) -> list[str]:
    """What axe finds on a page, and whether it can be scrolled sideways."""
    page.goto(path)
    page.wait_for_timeout(300)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    found = axe(page, path)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: is wider than the screen")
    return found
