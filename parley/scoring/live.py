"""Feedback while it is being written, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.template.loader import render_to_string

from parley.core.live import Full, listener
from parley.core.tenancy import Member, acting_as
from parley.scoring import queries

LOOK_ANYWAY_S = 5.0
"""How often one looks while nothing is heard: a writer that died tells nobody."""
LONGEST_S = 120.0
"""After that the browser connects anew."""


async def feedback_events(attempt_id: UUID, member: Member) -> AsyncIterator[bytes]:
    """`part` events, each with the feedback so far as HTML, then `done`. Every look acts as the member anew."""
    shown, until = "", time.monotonic() + LONGEST_S
    try:
        with listener.waiting(member.org_id, about=str(attempt_id)) as wake:
            while not wake.is_over and time.monotonic() < until:
                html, is_writing = await sync_to_async(_look)(attempt_id, member)
                if html != shown:
                    shown = html
                    yield _event("part", html)
                if not is_writing:
                    yield _event("done", "")
                    return
                await wake.wait(LOOK_ANYWAY_S)
    except Full:
        yield b"retry: 10000\n\n"


def _look(attempt_id: UUID, member: Member) -> tuple[str, bool]:
    try:
        with acting_as(member):
            feedback = queries.get_feedback(attempt_id)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # a stream holds no connection between two looks
    html = render_to_string("scoring/_feedback_text.html", {"feedback": feedback})
    return html, feedback is not None and feedback.is_writing


def _event(name: str, data: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()
