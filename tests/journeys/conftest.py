"""A running installation, a browser whose microphone plays what we say, and words for what a person does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from parley.accounts.demo import DEMO_MEMBERS, DEMO_PASSWORD
from tests.journeys.speech import LEAD_S, say_into

PROJECT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 240
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)
FAKE_MIC = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")

WATCH_POLICY = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(
    `policy: ${event.violatedDirective} kept out ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
  ));
"""
"""Says on the console what the Content-Security-Policy kept out."""

Open = Callable[..., Page]
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def installation() -> Iterator[str]:
    """The address of an installation of its own, as `bin/up` runs it."""
    if url := os.environ.get("PARLEY_JOURNEY_URL"):
        yield url.rstrip("/")
        return
    folder = Path(tempfile.mkdtemp(prefix="parley-journeys-"))
    folder.chmod(0o755)
    port = _free_port()
    ours = ("DATABASE_", "PARLEY_", "SECRET_KEY", "DJANGO_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-m", "parley.supervisor", "--port", str(port), "--data", str(folder / "data")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://localhost:{port}"
    try:
        _wait_until_ready(url, process, folder / "log")
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    raise AssertionError(f"{url} did not become ready.\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="package")  # its event loop must be over before other tests may use Django's database
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as one:
        yield one


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start Chromium with these flags."""
    chromium = os.environ.get("PARLEY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.fail("Browser journeys need Chromium. On Debian or Ubuntu: apt-get install chromium")
    return playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *flags])


@pytest.fixture
def open_browser(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Start Chromium with these flags; it is closed after the test."""
    started: list[Browser] = []

    def start(*flags: str) -> Browser:
        browser = launch(playwright, *flags)
        started.append(browser)
        return browser

    yield start
    for browser in started:
        browser.close()


@pytest.fixture
def open_page(open_browser: Callable[..., Browser], installation: str, tmp_path: Path) -> Iterator[Open]:
    """A page of a fresh browser, whose microphone speaks the lines `saying` beginning `after_s` after it is opened.

    A request to another host, an error in a script, or what the Content-Security-Policy kept out fails the test.
    """
    problems: list[str] = []

    def watch(request: Any) -> None:
        if not request.url.startswith((installation, "data:", "blob:", installation.replace("http", "ws", 1))):
            problems.append(f"The page asked another host: {request.url}")

    def listen(message: Any) -> None:
        if message.text.startswith("policy: "):
            problems.append(f"{message.page.url if message.page else ''}: {message.text}")

    def start(
        *, saying: tuple[str, ...] = (), after_s: float = LEAD_S, flags: tuple[str, ...] = (), **context: Any
    ) -> Page:
        mic: tuple[str, ...] = ()
        if saying:
            mic = (
                *FAKE_MIC,
                f"--use-file-for-fake-audio-capture={say_into(tmp_path / 'mic.wav', saying, after_s)}%noloop",
            )
        browser = open_browser(*mic, *flags)
        granted = ["microphone"] if saying else []
        made: BrowserContext = browser.new_context(base_url=installation, permissions=granted, **context)
        page = made.new_page()
        page.on("request", watch)
        page.on("console", listen)
        page.add_init_script(WATCH_POLICY)
        page.on("pageerror", lambda error: problems.append(f"A script failed: {error}"))
        page.set_default_timeout(20_000)
        return page

    yield start
    assert not problems, "\n".join(problems)


def sign_in(page: Page, name: str = "Ben Okafor") -> None:
    """Step in as one of the demo people, with one click."""
    page.goto("/sign-in/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/dashboard/")


def sign_in_by_password(page: Page, role: str) -> None:
    """Come in as the demo person of this role by password, which opens what asks for a fresh one too."""
    page.goto("/sign-in/")
    page.locator("[name=login]").fill(next(person.email for person in DEMO_MEMBERS if person.role == role))
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/dashboard/")
