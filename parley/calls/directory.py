"""What the voice server asks of us: briefs for tokens, and a place to keep a call as it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

from parley.buyer.brief import BuyerBrief
from parley.calls import actions, closing, recordings
from parley.core.tenancy import acting_as_service
from parley.scenarios.models import Scenario
from parley.voice.contracts import CallBrief, CallRecord, Utterance

P = ParamSpec("P")
T = TypeVar("T")

REASON = "A live call is kept by the voice process, which acts for whoever holds a valid call token."


def _off_the_loop(work: Callable[P, T]) -> Callable[P, T]:
    """Run in a worker thread as the installation, and give the connection back: calls are long, their writes
    are short.
    """

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with acting_as_service(REASON):
                return work(*args, **kwargs)
        finally:
            connection.close()

    return run


class CallDirectory:
    """Attempts as the voice server sees them."""

    async def redeem(self, token: str) -> CallBrief:
        """Exchange a call token (once) for its brief. Raises CallRefused."""
        return await sync_to_async(_off_the_loop(actions.redeem_token), thread_sensitive=False)(token)

    async def library(self) -> list[BuyerBrief]:
        """A brief of every published scenario, each buyer once, so that their lines can be rendered ahead."""
        return await sync_to_async(_off_the_loop(_library), thread_sensitive=False)()

    def sink(self, brief: CallBrief) -> AttemptSink:
        """Where this call is kept."""
        return AttemptSink(brief)


class AttemptSink:
    """Keeps one call: utterances in PostgreSQL, sound in the `tmp` bucket, the whole at the end."""

    def __init__(self, brief: CallBrief) -> None:
        self._brief = brief

    async def utterance(self, utterance: Utterance) -> None:
        """Keep a finished utterance; the same `i` again replaces it."""
        work = _off_the_loop(actions.keep_utterance)
        await sync_to_async(work, thread_sensitive=False)(self._brief.attempt_id, self._brief.org_id, utterance)

    async def audio(self, index: int, start_s: float, pcm: bytes) -> None:
        """Keep a segment of sound."""
        await sync_to_async(recordings.keep_segment, thread_sensitive=False)(
            self._brief.attempt_id, index, start_s, pcm
        )

    async def heartbeat(self) -> bool:
        """Say that the call is alive; False when it was asked to end."""
        return await sync_to_async(_off_the_loop(actions.beat), thread_sensitive=False)(self._brief.attempt_id)

    async def finished(self, record: CallRecord) -> None:
        """Close the call and hand it to scoring."""
        await sync_to_async(_close, thread_sensitive=False)(record)


def _library() -> list[BuyerBrief]:
    rows = {row.source_sha256 or str(row.pk): row for row in Scenario.objects.published().order_by("code")}
    return [
        BuyerBrief(scenario_key=row.key, title=row.title, persona=row.persona, branching=row.branching, seed=1)
        for row in rows.values()
    ]


def _close(record: CallRecord) -> None:
    try:
        closing.close_call(record.attempt_id, lambda _attempt: record)
    finally:
        connection.close()
