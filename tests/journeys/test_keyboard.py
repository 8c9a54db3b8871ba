"""Everything works without a mouse."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open


def test_a_call_is_held_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(saying=("Hello Marcus, this is Ben.",))
    page.goto("/sign-in/")
    press_until(page, "Ben Okafor")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.goto("/play/s01-inbound-rate-shopper/?transport=websocket")
    expect(page.get_by_text("We hear you.")).to_be_visible()
    press_until(page, "[data-consent]")
    page.keyboard.press("Space")
    press_until(page, "Start the call")
    page.keyboard.press("Enter")
    expect(page.locator("call-player")).to_have_attribute("data-phase", "live", timeout=40_000)
    press_until(page, "Mute", backwards=True)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Unmute")).to_have_attribute("aria-pressed", "true")
    press_until(page, "End call")
    page.keyboard.press("Enter")
    assert focused(page) == "Keep talking"
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    press_until(page, "End call")
    page.keyboard.press("Enter")
    press_until(page, "End and score")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/**", timeout=20_000)


FOCUSED = """
(() => {
  const element = document.activeElement;
  if (element === document.body) return "";
  if (element.matches("[data-consent]")) return "[data-consent]";
  return (element.ariaLabel || element.innerText || "").trim();
})()
"""


def focused(page: Page) -> str:
    """The name or marker of what has the focus; empty when nothing has it."""
    return str(page.evaluate(FOCUSED))


def press_until(page: Page, name: str, *, backwards: bool = False) -> None:
    """Press Tab until the thing with this name has the focus."""
    for _ in range(60):
        if name in focused(page):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"Tab never reaches {name!r}; it is at {focused(page)!r}.")
