"""A microphone that cannot be used always comes with the way out."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Open, sign_in

PLAYER = "/play/s01-inbound-rate-shopper/"


def test_a_blocked_microphone_says_where_to_allow_it(open_page: Open) -> None:
    page = open_page(flags=("--use-fake-device-for-media-stream", "--deny-permission-prompts"))
    sign_in(page)
    page.goto(PLAYER)
    page.get_by_role("checkbox", name="I agree to the recording").check()
    page.get_by_role("button", name="Allow the microphone").click()
    expect(page.get_by_text("The browser blocks the microphone")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.get_by_role("button", name="Start the call").click(force=True)
    expect(page.locator("call-player")).not_to_have_attribute("data-phase", "starting")


def test_a_machine_without_a_microphone_is_told_so(open_page: Open) -> None:
    page = open_page(flags=("--use-fake-ui-for-media-stream",))
    sign_in(page)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))"
    )
    page.goto(PLAYER)
    allow = page.get_by_role("button", name="Allow the microphone")
    told = page.get_by_text("No microphone found")
    expect(allow.or_(told)).to_be_visible()  # a browser that has the permission asks for the microphone by itself
    if allow.is_visible():
        allow.click()
    expect(told).to_be_visible()


def test_an_insecure_address_is_explained(open_page: Open, installation: str) -> None:
    page = open_page()
    sign_in(page)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(PLAYER)
    expect(page.get_by_text("This page is not on a secure address")).to_be_visible()
    expect(page.get_by_text("bin/up --https")).to_be_visible()
