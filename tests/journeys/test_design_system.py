"""The page of the design system is the test page of its components: rules, keys, sizes, directions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, sign_in
from tests.journeys.test_accessibility import problems_of

PATH = "/admin/design-system"


def _open(open_page: Open, theme: str = "light", width: int = 1280, **context: object) -> Page:
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce", **context)
    sign_in(page, "Omar Haddad")
    page.goto(PATH)
    _see_all(page)
    return page


def _see_all(page: Page) -> None:
    """Charts draw when they are seen."""
    for y in range(0, int(page.evaluate("document.documentElement.scrollHeight")), 800):
        page.evaluate(f"scrollTo(0, {y})")
        page.wait_for_timeout(60)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("data-chart canvas")).to_have_count(page.locator("data-chart").count())


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_no_component_breaks_a_rule(open_page: Open, theme: str, width: int) -> None:
    page = _open(open_page, theme, width)
    assert not problems_of(page, PATH)


def test_open_overlays_break_no_rule_and_give_the_focus_back(open_page: Open) -> None:
    page = _open(open_page)
    for button, panel in (
        ("Rename the team", "#ds-dialog"),
        ("Delete the recording", "#ds-alert"),
        ("Show the persona", "#ds-sheet"),
    ):
        opener = page.get_by_role("button", name=button)
        opener.click()
        expect(page.locator(f"{panel} > div")).to_be_visible()
        assert page.evaluate("document.querySelector(':modal').contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(page.locator(f"{panel} > div")).to_be_hidden()
        expect(opener).to_be_focused()


def test_the_keyboard_reaches_what_the_pointer_does(open_page: Open) -> None:
    page = _open(open_page)
    page.locator("#ds-tabs-tab-score").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ds-tabs-words")).to_be_visible()
    expect(page.locator("#ds-tabs-score")).to_be_hidden()

    page.get_by_role("menubar", name="Scenario").get_by_role("menuitem", name="Scenario").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#ds-f-1")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ds-e-1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ds-edit")).to_be_hidden()

    bar = page.get_by_role("separator", name="Width of the transcript")
    bar.focus()
    page.keyboard.press("End")
    expect(bar).to_have_attribute("aria-valuenow", "80")

    chart = page.locator("#ds-line .chart-stage")
    chart.focus()
    page.keyboard.press("End")
    expect(chart.get_by_role("status")).to_have_text("10 Mar: Score 87 points, Team 73 points")

    page.get_by_role("button", name="Talk ratio").focus()
    expect(page.get_by_role("tooltip")).to_be_visible()


def test_a_combobox_finds_by_typing(open_page: Open) -> None:
    page = _open(open_page)
    field = page.get_by_role("combobox", name="Assign to")
    field.fill("omar")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Omar Haddad")
    assert page.evaluate("document.querySelector('combo-box select').value") == "omar"


def test_a_day_is_chosen_in_the_month(open_page: Open) -> None:
    page = _open(open_page)
    page.get_by_role("button", name="Choose due date in a calendar").click()
    page.locator("#ds-due-month").get_by_role("button", name=re.compile("March 20|20 March")).click()
    expect(page.locator("#ds-due")).to_have_value("2026-03-20")


def test_the_table_keeps_its_place_and_its_address(open_page: Open) -> None:
    page = _open(open_page)
    table = page.locator("#ds-reps")
    table.get_by_role("link", name="Name").click()
    page.wait_for_url("**t-sort=name*")
    expect(table.locator("tbody th").first).to_have_text("Ana Ruiz")
    expect(table.get_by_role("link", name="Name")).to_be_focused()
    table.get_by_role("searchbox").fill("kim")
    expect(table.locator("tbody tr")).to_have_count(1)
    table.get_by_role("button", name="Columns").click()
    table.get_by_label("Team", exact=True).last.uncheck()
    table.get_by_role("button", name="Show these").click()
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("searchbox")).to_have_value("kim")


def test_the_table_works_without_scripts(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, "Omar Haddad")
    page.goto(f"{PATH}?t-sort=name&t-page=2")
    table = page.locator("#ds-reps")
    expect(table.locator("tbody th").first).to_have_text("Kim Vo")
    table.get_by_role("searchbox").fill("ruiz")
    table.get_by_role("button", name="Apply").click()
    expect(table.locator("tbody th")).to_have_text(["Ana Ruiz"])
    expect(page.locator("#ds-tabs-notes")).to_be_visible()
    expect(page.locator("#ds-line table")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 640, 2560])
def test_it_fits_from_a_narrow_phone_to_a_wall(open_page: Open, width: int) -> None:
    """640 px is also 1280 px at 200 % zoom."""
    page = _open(open_page, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_fits_when_it_runs_from_right_to_left(open_page: Open) -> None:
    page = _open(open_page, width=390)
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar = page.locator("#ds-pass")
    assert page.evaluate("getComputedStyle(document.querySelector('.metric-label')).direction") == "rtl"
    expect(bar).to_be_visible()


def test_nothing_jumps_while_it_loads(open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    sign_in(page, "Omar Haddad")
    page.add_init_script("""
      window.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    """)
    for path in (PATH, "/dashboard/", "/scenarios/"):
        page.goto(path)
        page.wait_for_timeout(1200)
        assert page.evaluate("window.shift") <= 0.02, path
