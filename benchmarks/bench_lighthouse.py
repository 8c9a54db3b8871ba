"""Lighthouse over the public home page and each role's dashboard, in Debian's Chromium.

    .venv/bin/python benchmarks/bench_lighthouse.py --json

Starts an installation of its own with the demo organisation's half year of calls (or asks the one at `--url`), puts
each demo person's session cookie into a fresh Chromium and lets Lighthouse drive it. Lighthouse is as its authors ship
it: on a phone with a slow network and a processor four times slower (`phone`), and with its own desktop preset
(`desktop`). Each page is measured `--runs` times; the median counts, as Lighthouse's authors advise. Status 1 when a
page falls short of its goal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))
FOLDER = PROJECT / "benchmarks" / "lighthouse"

PUBLIC = {"performance": 95, "accessibility": 95, "best-practices": 95, "seo": 95}
SIGNED_IN = {"performance": 90, "accessibility": 90, "best-practices": 90}
PAGES: dict[str, tuple[str, str, dict[str, int]]] = {
    "home": ("", "/", PUBLIC),
    "trainee dashboard": ("trainee", "/dashboard/", SIGNED_IN),
    "manager dashboard": ("manager", "/dashboard/", SIGNED_IN),
    "admin dashboard": ("admin", "/dashboard/", SIGNED_IN),
    "hr dashboard": ("hr", "/dashboard/", SIGNED_IN),
}
"""Who opens what, and the goal of each category (0..100)."""
FORMS: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}
FIGURES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
READY_WITHIN_S = 300


def main() -> int:
    """Run the benchmark and print what it found. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", help="a running demo installation; default one of its own")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--form", choices=FORMS, action="append", help="phone or desktop; default both")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    forms = asked.form or list(FORMS)
    install()
    with installation(asked.url) as url:
        found = {
            name: {form: measure(url, *PAGES[name], form, asked.runs, quiet=asked.json) for form in forms}
            for name in PAGES
        }
    short = [
        f"{name} ({form}): {key} {value['scores'][key]} of {goal}"
        for name, by_form in found.items()
        for form, value in by_form.items()
        for key, goal in PAGES[name][2].items()
        if value["scores"][key] < goal
    ]
    answer = {"runs": asked.runs, "cores": os.cpu_count(), "pages": found, "short_of_goal": short}
    print(json.dumps(answer) if asked.json else json.dumps(answer, indent=2))
    return 1 if short else 0


def install() -> None:
    """Have Lighthouse as its own lock file says: only this benchmark needs it."""
    from parley.supervisor.frontend import node_environment, npm_command

    stamp, lock = FOLDER / "node_modules" / "installed-from.txt", FOLDER / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run(
        npm_command("ci", "--loglevel=error"), cwd=FOLDER, env=node_environment(), stdout=sys.stderr, check=True
    )
    stamp.write_text(wanted)


@contextmanager
def installation(url: str | None) -> Iterator[str]:
    """The address of a running Parley with its demo; ours ends and is deleted afterwards."""
    if url:
        yield url.rstrip("/")
        return
    from tests.run.up import free_port

    folder, port = Path(tempfile.mkdtemp(prefix="parley-lighthouse-")), free_port()
    folder.chmod(0o755)
    words = [sys.executable, "-m", "parley.supervisor", "--port", str(port), "--data", str(folder / "data")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(words, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://localhost:{port}", process, folder / "log")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit(f"{url} did not become ready:\n{log.read_text()[-3000:]}")


def measure(
    url: str, role: str, path: str, goals: dict[str, int], form: str, runs: int, *, quiet: bool
) -> dict[str, Any]:
    """Medians of scores (0..100) and figures (ms; layout shift without unit) of one page, and what cost points."""
    cookies = sign_in(url, role) if role else {}
    with chromium(url, cookies) as port:
        reports = [_ask(url + path, port, list(goals), form) for _ in range(runs)]
    scores = {
        key: round(statistics.median(100 * report["categories"][key]["score"] for report in reports)) for key in goals
    }
    figures = {
        key: round(statistics.median(report["audits"][key]["numericValue"] for report in reports), 3) for key in FIGURES
    }
    lost = sorted({f"{key}: {title}" for report in reports for key, title in _lost(report)})
    if not quiet:
        print(f"{role or 'visitor'} {path} on a {form}: {scores}", file=sys.stderr)
    return {"scores": scores, **figures, "lost_points": lost}


def _lost(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, category in report["categories"].items():
        for ref in category["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield key, audit["title"]


@contextmanager
def chromium(url: str, cookies: dict[str, str]) -> Iterator[int]:
    """A fresh Chromium that holds these cookies of `url`; yields the port that it can be driven by."""
    from playwright.sync_api import sync_playwright

    from parley.supervisor.frontend import node_program
    from tests.run.up import free_port

    program = os.environ.get("PARLEY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise SystemExit("Lighthouse needs Chromium. On Debian or Ubuntu: apt-get install chromium")
    # Playwright's own Node wants libatomic, which a bare Debian lacks; ours does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node_program()))
    port = free_port()
    flags = [f"--remote-debugging-port={port}", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory(prefix="parley-chromium-") as profile, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=program, args=flags, headless=True
        )
        browser.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        yield port
        browser.close()


def _ask(url: str, port: int, categories: list[str], form: str) -> dict[str, Any]:
    """One report of Lighthouse. Raises SystemExit with its words when it cannot measure."""
    from parley.supervisor.frontend import node_environment, node_program

    words = [
        str(node_program()),
        str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"),
        url,
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(categories)}",
        f"--port={port}",
        *FORMS[form],
    ]
    done = subprocess.run(words, env=node_environment(), capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"Lighthouse could not measure {url}:\n{done.stderr[-3000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    if report.get("runtimeError"):
        raise SystemExit(f"Lighthouse could not measure {url}: {report['runtimeError']['message']}")
    return report


def sign_in(url: str, role: str) -> dict[str, str]:
    """Step in as the demo person of this role; returns the cookies of the visit."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{url}/sign-in/").read()
    token = next(cookie.value or "" for cookie in jar if cookie.name == "csrftoken")
    form = urlencode({"role": role, "csrfmiddlewaretoken": token}).encode()
    with opener.open(urllib.request.Request(f"{url}/demo/sign-in", form, {"Referer": url})) as answer:
        if not answer.url.endswith("/dashboard/"):
            raise SystemExit(f"The demo's sign-in led to {answer.url}; is {url} a demo installation?")
    return {cookie.name: cookie.value or "" for cookie in jar}


if __name__ == "__main__":
    sys.exit(main())
