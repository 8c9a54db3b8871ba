"""The LLM buyer: streams a model's words sentence by sentence; the script covers what the model does not deliver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

import structlog
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from parley.buyer.brief import BuyerBrief
from parley.buyer.dispatcher import tags_for
from parley.buyer.llm.character import SentenceCutter, for_speech, in_character
from parley.buyer.llm.model import build_model
from parley.buyer.llm.prompt import Director, instructions
from parley.buyer.protocol import EndReason, ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.settings import LLMSettings
from parley.buyer.state import Move, MoveKind
from parley.buyer.wording import key

log = structlog.get_logger(__name__)

MAX_SENTENCES = 6
MAX_TOKENS = 220
REMEMBERED_TURNS = 30
"""Utterances of the call that the model is shown."""

INITIATIVES: frozenset[MoveKind] = frozenset(
    {"objection", "carry_on", "hurry", "warning", "accept", "when", "hesitate", "refuse", "goodbye", "farewell", "gone"}
)
"""Moves that come last in a reply. They must not be lost: when the model leaves them out, the script says them."""


class _Failed(Exception):
    """The stream broke; the text says how."""


class LLMBuyer:
    """Plays one call with a model. The dispatcher decides, the model words, the script stands by."""

    def __init__(self, brief: BuyerBrief, settings: LLMSettings, model: Model | None = None) -> None:
        self._settings = settings
        self._script = ScriptedBuyer(brief)
        self._director = Director(brief)
        self._agent: Agent[None, str] = Agent(
            model or build_model(settings),
            instructions=instructions(brief),
            model_settings=ModelSettings(temperature=settings.temperature, max_tokens=MAX_TOKENS),
        )
        self._call: list[tuple[str, str]] = []
        self._notes: list[str] = []

    @property
    def notes(self) -> list[str]:
        """Where the model failed and the script covered."""
        return list(self._notes)

    def open(self) -> list[ReplyPart]:
        """The opening line, from the script: it is ready at once."""
        return self._remember(self._script.open())

    def on_silence(self, silent_s: float) -> list[ReplyPart]:
        """What to say after a silence, from the script: it is ready at once."""
        return self._remember(self._script.on_silence(silent_s))

    def heard(self, text: str) -> None:
        """Of the last reply only `text` was heard: take back what was not, in the model's memory too."""
        self._script.heard(text)
        if self._call and self._call[-1][0] == "buyer":
            if text.strip():
                self._call[-1] = ("buyer", text.strip())
            else:
                self._call.pop()

    async def reply(self, turn: RepTurn) -> AsyncIterator[ReplyPart]:
        """Answer a turn, sentence by sentence as the model writes them; nothing once the buyer has hung up."""
        dispatcher = self._script.dispatcher
        if dispatcher.state.ended:
            return
        dispatcher.tick(turn.end_s)
        moves = self._free(dispatcher.hear(turn))
        self._script.last_reply.begin()
        prompt = f"The rep says: {turn.text.strip() or '(nothing that you could make out)'}"
        note = self._director.note(moves, dispatcher.state)
        history = self._history()
        self._call.append(("rep", turn.text))
        async for part in self._perform(moves, prompt, note, history):
            self._remember([part])
            yield part

    def _free(self, moves: list[Move]) -> list[Move]:
        """What the script could not follow the model may well understand: that costs the rep nothing."""
        if any(move.kind == "fallback" for move in moves):
            self._script.dispatcher.forgive("fallback")
        return moves

    async def _perform(
        self, moves: list[Move], prompt: str, note: str, history: list[ModelMessage]
    ) -> AsyncIterator[ReplyPart]:
        answers = [m for m in moves if m.kind not in INITIATIVES]
        last = [m for m in moves if m.kind in INITIATIVES]
        turn = self._script.dispatcher.state.turns
        held: str | None = None
        spoken = 0
        try:
            async for sentence in self._sentences(prompt, note, history, turn):
                if spoken == 0:
                    for part in self._say(sentence, answers or last):
                        yield part
                elif held is not None:
                    for part in self._more(held, answers or last):
                        yield part
                held = sentence if spoken else None
                spoken += 1
        except _Failed as failure:
            if not spoken:
                self._notes.append(f"The language model {failure}; the script covered turn {turn}.")
                for part in self._script.speak(moves):
                    yield part
                return
            self._notes.append(f"The language model {failure} within turn {turn}; the script finished it.")
        for part in self._finish(held, answers, last):
            yield part

    def _say(self, sentence: str, moves: Sequence[Move]) -> Iterator[ReplyPart]:
        """The first sentence of a group of moves; their effects are there from now on."""
        dispatcher = self._script.dispatcher
        self._script.last_reply.add(dispatcher.state, [sentence])
        for move in moves:
            dispatcher.commit(_without_end(move))
        dispatcher.state.said.add(key(sentence))
        yield ReplyPart(sentence, _tags(moves))

    def _more(self, sentence: str, moves: Sequence[Move]) -> Iterator[ReplyPart]:
        """A further sentence of the same group."""
        self._script.last_reply.extend(sentence)
        self._script.dispatcher.state.said.add(key(sentence))
        yield ReplyPart(sentence, _tags(moves))

    def _finish(self, held: str | None, answers: list[Move], last: list[Move]) -> Iterator[ReplyPart]:
        """The last sentence carries what the buyer does of its own accord; the script speaks when there is none."""
        ends = next((move.ends for move in last if move.ends), None)
        if answers and last and held is None:
            yield from self._script.speak(last)
        elif ends and held is None:
            yield from self._script.speak([move for move in last if move.ends][-1:])
        elif held is not None and answers and last:
            yield from _ending(self._say(held, last), ends)
        elif held is not None:
            yield from _ending(self._more(held, answers or last), ends)
        if ends:
            self._script.dispatcher.state.ended = ends

    async def _sentences(self, prompt: str, note: str, history: list[ModelMessage], turn: int) -> AsyncIterator[str]:
        """Sentences fit to be spoken, none twice in the call. Raises _Failed when the model is late or breaks."""
        queue: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        producer = asyncio.create_task(self._produce(queue, prompt, note, history))
        loop = asyncio.get_running_loop()
        begun, given = loop.time(), 0
        try:
            while given < MAX_SENTENCES:
                limit = self._settings.whole_reply_s if given else self._settings.first_sentence_s
                try:
                    item = await asyncio.wait_for(queue.get(), max(0.0, begun + limit - loop.time()))
                except TimeoutError:
                    raise _Failed("was slow") from None
                if isinstance(item, Exception):
                    log.warning("The language model failed.", error=type(item).__name__, turn=turn)
                    raise _Failed(f"failed ({type(item).__name__})") from item
                if item is None:
                    break
                if sentence := self._fit(item, turn):
                    given += 1
                    yield sentence
            if not given:
                raise _Failed("said nothing usable")
        finally:
            producer.cancel()

    def _fit(self, sentence: str, turn: int) -> str:
        spoken = for_speech(sentence)
        if not spoken or key(spoken) in self._script.dispatcher.state.said:
            return ""
        if not in_character(spoken):
            self._notes.append(
                f"The language model stepped out of its role in turn {turn}; that sentence was left out."
            )
            return ""
        return spoken

    async def _produce(
        self, queue: asyncio.Queue[str | Exception | None], prompt: str, note: str, history: list[ModelMessage]
    ) -> None:
        """Runs the model in a task of its own, since a stream must be closed by the task that opened it."""
        cutter = SentenceCutter()
        try:
            async with self._agent.run_stream(prompt, message_history=history, instructions=note) as run:
                async for piece in run.stream_text(delta=True, debounce_by=None):
                    for sentence in cutter.feed(piece):
                        queue.put_nowait(sentence)
            for sentence in cutter.finish():
                queue.put_nowait(sentence)
            queue.put_nowait(None)
        except Exception as error:  # whatever the model's client raises, the rep must get an answer
            queue.put_nowait(error)

    def _history(self) -> list[ModelMessage]:
        messages: list[ModelMessage] = []
        for speaker, text in self._call[-REMEMBERED_TURNS:]:
            if speaker == "rep":
                messages.append(ModelRequest(parts=[UserPromptPart(f"The rep says: {text}")]))
            else:
                messages.append(ModelResponse(parts=[TextPart(text)]))
        return messages

    def _remember(self, parts: list[ReplyPart]) -> list[ReplyPart]:
        for part in parts:
            if self._call and self._call[-1][0] == "buyer":
                self._call[-1] = ("buyer", f"{self._call[-1][1]} {part.text}")
            else:
                self._call.append(("buyer", part.text))
        return parts


def _without_end(move: Move) -> Move:
    return Move(move.kind, move.id, move.words, None, move.also)


def _tags(moves: Sequence[Move]) -> tuple[str, ...]:
    """The tags of the moves; what the script could not follow the model answered freely, which is no fallback."""
    return tuple(dict.fromkeys("free" if m.kind == "fallback" else tag for m in moves for tag in tags_for(m)))


def _ending(parts: Iterator[ReplyPart], ends: EndReason | None) -> Iterator[ReplyPart]:
    for part in parts:
        yield ReplyPart(part.text, part.tags, ends)
