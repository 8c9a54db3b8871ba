"""A Parley installation as a program sees it: sign in, start a call, wait for its score. Over HTTP, no browser."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

SCORED_WITHIN_S = 120.0
FINAL = {"scored", "abandoned", "failed"}


class SiteError(Exception):
    """The installation refused or could not be reached; the text says what to do."""


class Site:
    """One signed-in person on one installation. Use as a context manager."""

    def __init__(self, server: str, *, token: str | None = None) -> None:
        self.server = server.rstrip("/")
        self._signed_in = token is not None
        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._http = httpx.Client(base_url=self.server, headers=headers, timeout=30, follow_redirects=False)

    def __enter__(self) -> Site:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        csrf = self._http.cookies.get("csrftoken")
        headers = {"X-CSRFToken": csrf, "Referer": self.server} if csrf else {}
        try:
            return self._http.request(method, path, headers=headers, **parts)
        except httpx.HTTPError as error:
            raise SiteError(
                f"{self.server} cannot be reached ({error}). Is bin/up running? Name it with --server."
            ) from error

    def sign_in_as_demo(self, role: str = "trainee") -> None:
        """Sign in as one of the demo people. Raises SiteError on an installation without them."""
        if self._signed_in:
            return
        self._send("GET", "/demo/sign-in")
        answer = self._send("POST", "/demo/sign-in", data={"role": role})
        if answer.status_code == 404:
            raise SiteError(f"{self.server} has no demo people; give an API token with --token.")
        if answer.status_code >= 400:
            raise SiteError(f"The demo sign-in was refused ({answer.status_code}): {answer.text[:200]}")
        self._signed_in = True

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._send(method, path, **({"json": body} if body is not None else {}))
        try:
            data = answer.json()
        except ValueError as error:
            raise SiteError(f"{path} answered {answer.status_code} and no JSON: {answer.text[:200]!r}.") from error
        if answer.status_code >= 400:
            problem = data.get("error", {}) if isinstance(data, dict) else {}
            raise SiteError(problem.get("message") or f"{path} answered {answer.status_code}.")
        return data if isinstance(data, dict) else {}

    def start(self, scenario: str, *, kind: str = "voice", seed: int | None = None) -> dict[str, Any]:
        """Start an attempt, with consent to its recording."""
        body: dict[str, Any] = {"scenario": scenario, "consent": True, "kind": kind}
        return self._json("POST", "/api/calls/start", body | ({"seed": seed} if seed else {}))

    def websocket_url(self, started: dict[str, Any]) -> str:
        """Where the call of `started` is carried, its token with it."""
        parts = urlsplit(urljoin(self.server + "/", started["ws_url"]))
        scheme = "wss" if parts.scheme == "https" else "ws"
        return str(urlunsplit((scheme, parts.netloc, parts.path, f"token={started['token']}", "")))

    def hand_in(self, attempt_id: str, utterances: list[dict[str, Any]], end_reason: str) -> dict[str, Any]:
        """Close a typed attempt with what was typed."""
        body = {"utterances": utterances, "end_reason": end_reason}
        return self._json("POST", f"/api/calls/{attempt_id}/transcript", body)

    def status(self, attempt_id: str) -> dict[str, Any]:
        """Where an attempt stands now, with all that is known of it."""
        return self._json("GET", f"/api/calls/{attempt_id}/status?full=1")

    def outcome(self, attempt_id: str) -> dict[str, Any]:
        """What became of an attempt, once it is scored. Raises SiteError when that takes longer than two minutes."""
        deadline = time.monotonic() + SCORED_WITHIN_S
        while True:
            status = self.status(attempt_id)
            if status["status"] in FINAL:
                return status
            if time.monotonic() > deadline:
                raise SiteError(
                    f"Attempt {attempt_id} is still {status['status']!r} after two minutes. Does the worker run? "
                    f"See {self.server}{status['review_url']} later."
                )
            time.sleep(0.5)

    def absolute(self, path: str) -> str:
        return str(urljoin(self.server + "/", path))
