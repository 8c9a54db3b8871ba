"""Without a network a page of ours says so, and what was asked for opens when it is back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Open, sign_in


def test_a_page_that_cannot_be_reached_says_so_and_opens_when_the_network_is_back(open_page: Open) -> None:
    page = open_page()
    sign_in(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto("/scenarios/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Geist')
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Practice", level=1)).to_be_visible()
