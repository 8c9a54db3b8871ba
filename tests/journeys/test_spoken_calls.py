"""From the door to the scored review, by voice, over both transports."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, sign_in
from tests.journeys.test_accessibility import problems_of

LINES = (
    "Hi Marcus, this is Ben Okafor with Summit Home Loans. This call is recorded.",
    "What matters most to you about this loan?",
    "When are you supposed to close on the house?",
)


@pytest.mark.parametrize(("transport", "lines"), [("websocket", LINES), ("webrtc", LINES[1:])])
def test_a_rep_holds_a_spoken_call_and_reads_the_scored_review(
    open_page: Open, transport: str, lines: tuple[str, ...]
) -> None:
    page = open_page(saying=lines, viewport={"width": 1280, "height": 900})
    sign_in(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Practice").click()
    page.get_by_role("link", name="Inbound rate shopper").click()
    page.get_by_role("link", name=re.compile("Start the call|Call again")).click()
    page.goto(f"{page.url}?transport={transport}")
    start_the_call(page)
    player = page.locator("call-player")
    expect(player.locator('.caption[data-speaker="buyer"]').first).to_be_visible(timeout=20_000)
    expect(player.locator('.caption[data-speaker="rep"]')).to_have_count(len(lines), timeout=75_000)
    expect(player.locator('.caption[data-speaker="buyer"]').nth(len(lines))).to_be_visible(timeout=20_000)
    expect(player.locator("[data-rep-share]")).to_have_text(re.compile(r"You \d+ %"))
    end_the_call(page)

    page.wait_for_url("**/attempts/**", timeout=20_000)
    expect(page.locator(".score-ring strong")).to_have_text(re.compile(r"^(\d+(\.\d)?|–)$"), timeout=60_000)
    expect(page.get_by_role("heading", name="Feedback")).to_be_visible()
    said = " ".join(page.locator('.line[data-speaker="rep"] .said').all_inner_texts()).lower()
    assert "matters most" in said, said
    assert "close" in said, said
    the_recording_plays(page)
    assert not problems_of(page, page.url)


def start_the_call(page: Page) -> None:
    """Pass the two checks and call."""
    page.get_by_role("checkbox", name="I agree to the recording").check()
    expect(page.get_by_text("We hear you.")).to_be_visible()
    page.get_by_role("button", name="Start the call").click()
    expect(page.locator("call-player")).to_have_attribute("data-phase", "live", timeout=40_000)


def end_the_call(page: Page) -> None:
    """Hang up, and mean it."""
    page.get_by_role("button", name="End call").click()
    page.get_by_role("button", name="End and score").click()
    expect(page.locator("call-player")).to_have_attribute("data-phase", "ended", timeout=10_000)


def the_recording_plays(page: Page) -> None:
    """A click on a line plays it and lights it."""
    line = page.locator('.line[data-speaker="rep"]').nth(1)
    line.click()
    expect(line).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    before = page.locator("[data-at]").inner_text()
    expect(page.locator("[data-at]")).not_to_have_text(before)
    page.get_by_role("button", name="Pause").click()
