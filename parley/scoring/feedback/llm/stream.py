"""A model's draft as it is written. A thread of its own speaks to the network; whoever reads stays synchronous."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from openai import APIConnectionError, APIStatusError, APITimeoutError, RateLimitError
from pydantic import BaseModel
from pydantic_ai import Agent, PromptedOutput
from pydantic_ai.exceptions import ContentFilterError, ModelHTTPError, UnexpectedModelBehavior
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

Draft = TypeVar("Draft", bound=BaseModel)

FIRST_PIECE_S = 20.0
WHOLE_S = 90.0
MOST_TOKENS = 1_600
PIECE_EVERY_S = 0.15


class Failed(Exception):
    """The model did not deliver. The text says how, as the end of a sentence; `again` when another try may help."""

    def __init__(self, how: str, *, again: bool) -> None:
        super().__init__(how)
        self.again = again


def stream_draft(
    model_of: Callable[[], Model],
    shape: type[Draft],
    *,
    instructions: str,
    prompt: str,
    temperature: float,
    first_s: float = FIRST_PIECE_S,
    whole_s: float = WHOLE_S,
) -> Iterator[tuple[Draft, bool]]:
    """Growing drafts, each with whether it is the whole one; the last always is. Raises Failed.

    The JSON schema goes into the instructions and the answer is plain text, which every server that speaks the OpenAI
    protocol can do, with tools or without. `model_of` makes a model for this draft alone, since a client belongs to
    the event loop that it was first used in.
    """
    pieces: queue.Queue[tuple[Draft, bool] | Exception] = queue.Queue()
    stop = threading.Event()

    async def produce() -> None:
        try:
            agent: Agent[object, Draft] = Agent(
                model_of(),
                output_type=PromptedOutput(shape),
                instructions=instructions,
                model_settings=ModelSettings(temperature=temperature, max_tokens=MOST_TOKENS, timeout=first_s),
                retries=0,
            )
            async with asyncio.timeout(whole_s), agent.run_stream(prompt) as run:
                async for draft in run.stream_output(debounce_by=PIECE_EVERY_S):
                    if stop.is_set():
                        return
                    pieces.put((draft, False))
                pieces.put((await run.get_output(), True))
        except Exception as error:  # whatever the client raises, the reader must hear of it
            pieces.put(error)

    thread = threading.Thread(target=lambda: asyncio.run(produce()), name="feedback-model", daemon=True)
    thread.start()
    try:
        waited = first_s
        while True:
            try:
                piece = pieces.get(timeout=waited)
            except queue.Empty:
                raise Failed("was too slow", again=False) from None
            if isinstance(piece, Exception):
                raise _failure(piece) from piece
            waited = whole_s
            yield piece
            if piece[1]:
                return
    finally:
        stop.set()


def _failure(error: Exception) -> Failed:
    """What went wrong, in words for the review."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RateLimitError) or (isinstance(cause, ModelHTTPError) and cause.status_code == 429):
            return Failed("was busy (too many requests)", again=True)
        if isinstance(cause, json.JSONDecodeError):
            return Failed("gave an answer that could not be read", again=True)
        if isinstance(cause, ContentFilterError):
            return Failed("refused to answer", again=False)
        if isinstance(cause, APIStatusError | ModelHTTPError):
            return Failed(f"answered with an error ({cause.status_code})", again=cause.status_code >= 500)
        if isinstance(cause, APITimeoutError | TimeoutError):
            return Failed("was too slow", again=False)
        if isinstance(cause, APIConnectionError):
            return Failed("could not be reached", again=True)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, UnexpectedModelBehavior):
        return Failed("gave an answer that could not be read", again=True)
    return Failed(f"failed ({type(error).__name__})", again=True)
