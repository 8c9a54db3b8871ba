"""The page of the design system is the test page of its components: rules, keys, sizes, directions, looks."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, sign_in
from tests.journeys.test_accessibility import problems_of

PATH = "/admin/design-system"
SHOTS = Path(__file__).resolve().parent / "shots"
SIZE = (400, 300)
"""Shots are kept in grey at this size at most: enough to see a part move or vanish, little to keep."""
STEPS, SHARE = 24, 0.02
"""A dot differs when its grey does by more than this many of 255 steps; so many of all dots may."""
STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("time, pixel-background canvas { visibility: hidden }");
  document.adoptedStyleSheets.push(sheet);
}"""
"""Leaves out what differs from day to day or from machine to machine."""


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


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_looks_as_it_did(open_page: Open, theme: str) -> None:
    """Compared with the shots in tests/journeys/shots. After a wanted change delete them and run this once."""
    page = _open(open_page, theme)
    page.evaluate(STILL)
    page.wait_for_timeout(500)
    changed, made = [], []
    for specimen in page.locator(".specimen").all():
        name = f"{specimen.locator('h3').get_attribute('id')}-{theme}.png"
        shot = _shot(specimen)
        if not (SHOTS / name).exists():
            shot.save(SHOTS / name, optimize=True)
            made.append(name)
        elif (share := _difference(shot, Image.open(SHOTS / name))) > SHARE:
            changed.append(f"{name}: {share:.1%} of its dots")
    assert not changed, "These look different now: " + ", ".join(changed)
    assert not made, f"Shots made for the first time, look at them and commit them: {', '.join(made)}"


def _shot(specimen: Locator) -> Image.Image:
    image = Image.open(io.BytesIO(specimen.screenshot(animations="disabled"))).convert("L")
    image.thumbnail(SIZE)
    return image.quantize(16).convert("L")


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The share of dots that differ; 1 when the size does by more than a dot or two."""
    other = other.convert("L")
    if abs(one.width - other.width) > 2 or abs(one.height - other.height) > 2:
        return 1.0
    if one.size != other.size:
        other = other.resize(one.size)
    histogram = ImageChops.difference(one, other).histogram()
    return sum(histogram[STEPS:]) / (one.width * one.height)
