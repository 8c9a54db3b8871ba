"""A rep who speaks over the buyer takes the floor."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Open, sign_in
from tests.journeys.test_spoken_calls import end_the_call, start_the_call

LINES = ("Hello Marcus, sorry to interrupt you, this is Ben from Summit Home Loans.", "What matters most to you?")
WATCH_THE_LOUDSPEAKER = """
window.sounds = [];
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (message, ...rest) {
  if (message?.event === "write" || message?.event === "interrupt") window.sounds.push(message.event);
  return post.call(this, message, ...rest);
};
"""


def test_the_buyer_falls_silent_and_answers_afterwards(open_page: Open) -> None:
    page = open_page(saying=LINES, after_s=2.0)
    sign_in(page)
    page.add_init_script(WATCH_THE_LOUDSPEAKER)
    page.goto("/play/s01-inbound-rate-shopper/?transport=websocket")
    start_the_call(page)
    expect(page.locator('.caption[data-speaker="rep"]').first).to_be_visible()
    expect(page.locator('.caption[data-speaker="buyer"]').nth(1)).to_be_visible()
    page.wait_for_timeout(500)
    sounds = page.evaluate("window.sounds")
    assert "interrupt" in sounds, "The buyer was not cut off."
    cut = sounds.index("interrupt")
    assert "write" in sounds[:cut], "The buyer had not begun."
    assert "write" in sounds[cut:], "After the cut the buyer was not heard again."
    end_the_call(page)
