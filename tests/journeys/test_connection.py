"""What the player does when a way to connect is missing, or the line drops."""

from __future__ import annotations

from playwright.sync_api import WebSocketRoute, expect

from tests.journeys.conftest import Open, sign_in
from tests.journeys.test_spoken_calls import end_the_call, start_the_call

HELLO = ("Hello Marcus, can you hear me?",)
PLAYER = "/play/s01-inbound-rate-shopper/"


def test_it_falls_back_to_a_websocket_when_webrtc_is_blocked(open_page: Open) -> None:
    page = open_page(saying=HELLO)
    sign_in(page)
    page.route("**/voice/offer**", lambda route: route.abort())
    page.goto(PLAYER)
    start_the_call(page)
    expect(page.locator('.caption[data-speaker="buyer"]').first).to_be_visible()
    end_the_call(page)


def test_a_dropped_line_comes_back_with_the_mute_and_the_time_it_had(open_page: Open) -> None:
    page = open_page(saying=HELLO)
    sign_in(page)
    lines: list[WebSocketRoute] = []

    def carry(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket("**/voice/ws**", carry)
    page.goto(f"{PLAYER}?transport=websocket")
    start_the_call(page)
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Mute").click()
    lines[0].close()
    expect(page.locator("call-player")).to_have_attribute("data-phase", "reconnecting")
    expect(page.locator("call-player")).to_have_attribute("data-phase", "live", timeout=20_000)
    assert len(lines) > 1
    expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    expect(page.locator("[data-elapsed]")).not_to_have_text("0:00")
    end_the_call(page)


def test_leaving_during_a_call_is_asked_about(open_page: Open) -> None:
    page = open_page(saying=HELLO)
    sign_in(page)
    page.goto(f"{PLAYER}?transport=websocket")
    start_the_call(page)
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.evaluate("setTimeout(() => { location.href = '/dashboard/'; })")
    page.wait_for_timeout(1500)
    assert asked == ["beforeunload"]
    expect(page.locator("call-player")).to_have_attribute("data-phase", "live")
    end_the_call(page)
