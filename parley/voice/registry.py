"""The calls that are live in this process, how many may be, and what they share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Literal
from uuid import UUID

import structlog

from parley.buyer.brief import BuyerBrief
from parley.buyer.protocol import Buyer, RepTurn
from parley.voice.contracts import CallBrief, CallDirectory, CallEnd, CallRefused
from parley.voice.models import VoiceModels
from parley.voice.mouth import render_lines
from parley.voice.providers import Providers
from parley.voice.session import LiveCall
from parley.voice.settings import VoiceSettings

log = structlog.get_logger(__name__)
BuyerMaker = Callable[[BuyerBrief], Buyer]
LineLister = Callable[[BuyerBrief], Iterable[str]]
BriefLister = Callable[[], Awaitable[Iterable[BuyerBrief]]]
LIBRARY_AFTER_S = 30.0


class Calls:
    """Admits, finds and ends live calls. Use one per process; `load` it before the first call."""

    def __init__(
        self, directory: CallDirectory, settings: VoiceSettings, make_buyer: BuyerMaker, fixed_lines: LineLister
    ) -> None:
        self.directory, self.settings = directory, settings
        self._make_buyer, self._fixed_lines = make_buyer, fixed_lines
        self._live: dict[UUID, LiveCall] = {}
        self._providers = Providers(settings)
        self._rendering: dict[str, asyncio.Task[int]] = {}
        self._loading: asyncio.Task[VoiceModels] | None = None
        self.models: VoiceModels | None = None
        self.problem = ""

    async def load(self) -> VoiceModels:
        """The shared models, loaded once. Raises ModelError."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(VoiceModels.load, self.settings))
        try:
            self.models = await asyncio.shield(self._loading)
        except Exception as error:
            self.problem = str(error)
            self._loading = None
            raise
        self.problem = ""
        return self.models

    @property
    def live(self) -> list[LiveCall]:
        return list(self._live.values())

    def check_room(self) -> None:
        """Raises CallRefused when the machine already holds as many calls as it can without stuttering."""
        if len(self._live) >= self.settings.max_calls:
            raise CallRefused(
                "full",
                f"All {self.settings.max_calls} lines are in use. Try again in a few minutes.",
            )

    async def join(self, token: str) -> LiveCall:
        """Redeem a token for its call: a new one, or the live one that lost its connection. Raises CallRefused."""
        if not any(call.leg is None for call in self._live.values()):
            self.check_room()
        brief = await self.directory.redeem(token)
        call = self._live.get(brief.attempt_id)
        if call is None:
            self.check_room()
            call = await self._begin(brief)
        call.claim()
        return call

    async def _begin(self, brief: CallBrief) -> LiveCall:
        models = await self.load()
        if brief.attempt_id in self._live:
            return self._live[brief.attempt_id]
        buyer = self._make_buyer(brief.buyer)
        await catch_up(buyer, brief)
        notes: list[str] = []
        call = LiveCall(
            brief,
            buyer=buyer,
            sink=self.directory.sink(brief),
            models=models,
            recogniser=self._providers.recogniser(models, notes.append),
            voice=self._providers.synthesiser(models, brief.buyer.persona, notes.append),
            notes=notes,
            on_over=self._forget,
        )
        self._live[brief.attempt_id] = call
        self.render_ahead(brief.buyer)
        return call

    def _forget(self, call: LiveCall) -> None:
        self._live.pop(call.brief.attempt_id, None)

    async def end(self, attempt_id: UUID, reason: CallEnd) -> bool:
        """End a call that is live in this process. Returns whether there was one."""
        call = self._live.get(attempt_id)
        if call is None:
            return False
        await call.end(reason)
        return True

    async def close(self) -> None:
        """Finish every call and let the models go: the server stops."""
        for task in self._rendering.values():
            task.cancel()
        await asyncio.gather(*(call.end("server_stopped") for call in self.live), return_exceptions=True)
        await self._providers.close()
        if self.models is not None:
            self.models.close()

    # --- rendering ahead ------------------------------------------------------------------------------------------

    def render_ahead(self, brief: BuyerBrief) -> None:
        """Begin to synthesise what this buyer may say, in the background, unless it is being done."""
        if not self.settings.render_ahead or self.models is None or brief.scenario_key in self._rendering:
            return
        task = asyncio.create_task(self._render(brief, self._nobody_waits), name=f"render-{brief.scenario_key}")
        self._rendering[brief.scenario_key] = task
        task.add_done_callback(lambda _: self._rendering.pop(brief.scenario_key, None))

    async def render_library(self, briefs: BriefLister) -> int:
        """Synthesise the fixed lines of every scenario, once per installation, while there is no call at all.

        Six scenarios take about five minutes of one core at low priority. Returns how many lines are ready.
        """
        await asyncio.sleep(LIBRARY_AFTER_S)
        return sum([await self._render(brief, lambda: not self._live) for brief in await briefs()])

    async def _render(self, brief: BuyerBrief, may_work: Callable[[], bool]) -> int:
        models = await self.load()
        voice = self._providers.synthesiser(models, brief.persona)
        ready = await render_lines(voice, self._fixed_lines(brief), may_work)
        await asyncio.to_thread(self._providers.prune)
        return ready

    def _nobody_waits(self) -> bool:
        return all(call.nobody_waits() for call in self._live.values())

    def health(self) -> tuple[Literal["ready", "loading", "failed"], str]:
        """For /healthz: whether a call could start now, and why not."""
        if self.models is not None:
            return "ready", f"{len(self._live)} of {self.settings.max_calls} calls"
        return ("failed", self.problem) if self.problem else ("loading", "the speech models are being loaded")


async def catch_up(buyer: Buyer, brief: CallBrief) -> None:
    """Bring a new buyer to where a call stood when its process died: the same seed and turns give the same buyer."""
    if not brief.history:
        return
    said = " ".join(part.text for part in buyer.open())
    for utterance in brief.history:
        if utterance.speaker == "rep":
            turn = RepTurn(utterance.text, utterance.start, utterance.end)
            said = " ".join([part.text async for part in buyer.reply(turn)])
        elif utterance.text != said:
            buyer.heard(utterance.text)
    log.info("A call was taken over", attempt_id=str(brief.attempt_id), utterances=len(brief.history))
