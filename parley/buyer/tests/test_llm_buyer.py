"""The LLM buyer: the model's words, the dispatcher's direction, the script's cover."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from pydantic_ai import models
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel

from parley.buyer import build_buyer
from parley.buyer.brief import BuyerBrief
from parley.buyer.llm import LLMBuyer
from parley.buyer.llm.character import SentenceCutter, for_speech, in_character
from parley.buyer.llm.prompt import Director, instructions
from parley.buyer.protocol import ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.settings import LLMSettings
from parley.buyer.state import Move
from parley.buyer.tests.fake_openai import Manner, fake_openai
from parley.scenarios.pack import find_scenario

SETTINGS = LLMSettings(model="fake", first_sentence_s=0.6, whole_reply_s=1.5)


def _brief(seed: int = 3) -> BuyerBrief:
    return find_scenario("S01").buyer_brief(seed=seed)


class Told:
    """A model that says what it is told, and keeps what it was shown."""

    def __init__(self, *texts: str, wait_s: float = 0.0) -> None:
        self._texts, self._wait_s = list(texts), wait_s
        self.notes: list[str] = []
        self.shown: list[list[ModelMessage]] = []

    async def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        self.shown.append(messages)
        self.notes.append(info.instructions or "")
        await asyncio.sleep(self._wait_s)
        text = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        for word in text.split(" "):
            yield word + " "


def _buyer(told: Told, seed: int = 3) -> LLMBuyer:
    buyer = LLMBuyer(_brief(seed), SETTINGS, FunctionModel(stream_function=told))
    buyer.open()
    return buyer


async def _say(buyer: LLMBuyer, line: str) -> list[ReplyPart]:
    return [part async for part in buyer.reply(RepTurn(line, 10.0, 12.0))]


def _tags(parts: list[ReplyPart]) -> list[str]:
    return list(dict.fromkeys(tag for part in parts for tag in part.tags))


def test_settings_choose_the_buyer() -> None:
    assert isinstance(build_buyer(_brief(), None), ScriptedBuyer)
    assert isinstance(build_buyer(_brief(), SETTINGS), LLMBuyer)


async def test_the_models_words_come_sentence_by_sentence() -> None:
    parts = await _say(_buyer(Told("Sure. It's four twenty-five, and we signed Monday. Fine?")), "What is the price?")
    assert [p.text for p in parts] == ["Sure.", "It's four twenty-five, and we signed Monday.", "Fine?"]
    assert "topic:price" in parts[0].tags


async def test_pydantic_ais_own_test_model_will_do() -> None:
    buyer = LLMBuyer(_brief(), SETTINGS, TestModel(custom_output_text="It's four twenty-five. Plain and simple."))
    buyer.open()
    parts = await _say(buyer, "What is the purchase price?")
    assert " ".join(p.text for p in parts) == "It's four twenty-five. Plain and simple."
    assert buyer.notes == []


async def test_the_first_sentence_does_not_wait_for_the_last() -> None:
    async def slow_end(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        yield "Sure thing. "
        await asyncio.sleep(0.5)
        yield "It is four twenty-five."

    buyer = LLMBuyer(_brief(), SETTINGS, FunctionModel(stream_function=slow_end))
    buyer.open()
    begun = time.perf_counter()
    async for part in buyer.reply(RepTurn("What is the price?", 10, 12)):
        assert part.text == "Sure thing."
        assert time.perf_counter() - begun < 0.4
        break


async def test_the_note_tells_facts_objections_and_what_to_hold_back() -> None:
    told = Told("Okay then. That is it.")
    buyer = _buyer(told)
    await _say(buyer, "What is the purchase price?")
    assert "You are asked about purchase price" in told.notes[-1]
    assert "Keep your private reasons to yourself." in told.notes[-1]
    assert "Do not agree to any next step." in told.notes[-1]
    await _say(buyer, "I have a few questions before I can quote.")
    assert "Raise this, in your own words" in told.notes[-1]


async def test_the_motive_is_not_in_the_prompt_before_it_is_earned() -> None:
    told = Told("First one. ", "Second one. ", "Third one. ", "Fourth one. ", "Fifth one. ")
    buyer = _buyer(told)
    for standing in buyer._script.dispatcher.state.objections.values():
        standing.stage = "left_out"
    for line in ("What is the price?", "When do you close?", "What is your income?"):
        await _say(buyer, line)
    assert all("2021" not in note and "twenty twenty-one" not in note for note in told.notes)
    assert "motive" in _tags(await _say(buyer, "What went wrong last time?"))
    assert "closing table" in told.notes[-1] or "re-priced" in told.notes[-1]


async def test_the_model_is_shown_the_call_so_far() -> None:
    told = Told("Four twenty-five. ", "Thirty-one days. ")
    buyer = _buyer(told)
    await _say(buyer, "What is the price?")
    await _say(buyer, "When do you close?")
    shown = str(told.shown[-1])
    assert "What is the price?" in shown
    assert "Four twenty-five." in shown


async def test_an_objection_the_model_left_out_is_said_by_the_script() -> None:
    buyer = _buyer(Told("Ask away."))
    await _say(buyer, "Hello Marcus.")
    parts = await _say(buyer, "I have a few questions before I can quote.")
    assert any(tag.startswith("objection:") for tag in _tags(parts))
    assert len(parts) >= 2


async def test_what_the_script_cannot_follow_the_model_may_answer_at_no_cost() -> None:
    buyer = _buyer(Told("Never heard of it. Is that a loan thing?"))
    before = buyer._script.dispatcher.state.patience
    parts = await _say(buyer, "What is your gimbal coefficient?")
    assert "free" in parts[0].tags
    assert "fallback" not in _tags(parts)
    assert buyer._script.dispatcher.state.patience == before


async def test_a_goodbye_ends_the_call_even_when_the_model_goes_on() -> None:
    parts = await _say(_buyer(Told("Thanks for calling. Have a good one.")), "Thanks, goodbye.")
    assert parts[-1].ends_call == "goodbye"
    parts = await _say(_buyer(Told("Bye.")), "Thanks, goodbye.")
    assert parts[-1].ends_call == "goodbye"


async def test_a_sentence_out_of_character_is_left_out() -> None:
    buyer = _buyer(Told("As an AI language model I have no house. It's four twenty-five."))
    parts = await _say(buyer, "What is the price?")
    assert [p.text for p in parts] == ["It's four twenty-five."]
    assert "stepped out of its role in turn 1" in buyer.notes[0]


async def test_a_reply_all_out_of_character_is_covered_by_the_script() -> None:
    buyer = _buyer(Told("I'm an AI assistant. How can I help you today?"))
    parts = await _say(buyer, "What is the price?")
    assert "topic:price" in _tags(parts)
    assert all(in_character(p.text) for p in parts)
    assert any("the script covered turn 1" in note for note in buyer.notes)


async def test_the_model_does_not_get_to_repeat_a_sentence() -> None:
    buyer = _buyer(Told("It's four twenty-five. Really."))
    await _say(buyer, "What is the price?")
    again = await _say(buyer, "What is the price?")
    assert "It's four twenty-five." not in [p.text for p in again]


async def test_a_slow_model_is_covered_and_the_attempt_says_so() -> None:
    buyer = _buyer(Told("Too late.", wait_s=2.0))
    begun = time.perf_counter()
    parts = await _say(buyer, "What is the price?")
    assert time.perf_counter() - begun < 1.5
    assert "topic:price" in _tags(parts)
    assert buyer.notes == ["The language model was slow; the script covered turn 1."]


async def test_what_was_not_heard_is_forgotten_by_the_model_too() -> None:
    told = Told("Four twenty-five is the price. ", "Second. ")
    buyer = _buyer(told)
    await _say(buyer, "What is the price?")
    buyer.heard("")
    await _say(buyer, "Sorry, go on.")
    assert "Four twenty-five is the price" not in str(told.shown[-1])
    assert buyer._script.dispatcher.state.asked.get("price") is None


async def test_nothing_is_said_after_hanging_up() -> None:
    buyer = _buyer(Told("Bye then. Bye."))
    await _say(buyer, "Goodbye.")
    assert await _say(buyer, "Hello?") == []
    assert buyer.on_silence(60.0) == []


@pytest.mark.parametrize(
    ("manner", "note"),
    [
        ("slow", "was slow; the script covered turn 1"),
        ("error", "failed (ModelServerError); the script covered turn 1"),
        ("nonsense", "the script covered turn 1"),
    ],
)
async def test_a_server_that_fails_before_the_first_sentence_is_covered(manner: Manner, note: str) -> None:
    models.ALLOW_MODEL_REQUESTS = True
    with fake_openai(manner=manner) as server:
        buyer = LLMBuyer(_brief(), SETTINGS.model_copy(update={"base_url": server.url}))
        buyer.open()
        parts = await _say(buyer, "What is the purchase price?")
    assert "topic:price" in _tags(parts)
    assert note in buyer.notes[0]


@pytest.mark.parametrize("manner", ["broken", "stalls"])
async def test_a_stream_that_breaks_off_keeps_what_was_said(manner: Manner) -> None:
    with fake_openai("Sure thing. It is four hundred twenty-five thousand dollars, they say.", manner) as server:
        buyer = LLMBuyer(_brief(), SETTINGS.model_copy(update={"base_url": server.url}))
        buyer.open()
        parts = await _say(buyer, "What is the purchase price?")
    assert parts[0].text == "Sure thing."
    assert "topic:price" in _tags(parts)
    assert len(buyer.notes) <= 1


async def test_a_good_server_is_asked_in_its_own_protocol() -> None:
    with fake_openai() as server:
        buyer = LLMBuyer(_brief(), SETTINGS.model_copy(update={"base_url": server.url, "api_key": "sk-of-ours"}))
        buyer.open()
        parts = await _say(buyer, "What is the purchase price?")
    assert [p.text for p in parts] == ["Sure.", "It is four hundred twenty-five thousand."]
    asked = server.requests[0]
    assert asked["path"] == "/v1/chat/completions"
    assert asked["auth"] == "Bearer sk-of-ours"
    assert asked["model"] == "fake"
    assert asked["stream"] is True
    text = str(asked["messages"])
    assert "You play Marcus Bell" in text
    assert "Director's note" in text
    assert buyer.notes == []


async def test_a_server_that_is_not_there_is_covered() -> None:
    buyer = LLMBuyer(_brief(), SETTINGS.model_copy(update={"base_url": "http://127.0.0.1:9/v1"}))
    buyer.open()
    assert "topic:price" in _tags(await _say(buyer, "What is the purchase price?"))
    assert "the script covered turn 1" in buyer.notes[0]


def test_no_environment_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.invalid/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-environment")
    from parley.buyer.llm.model import build_model

    model = build_model(LLMSettings(model="m"))
    assert str(model.base_url).rstrip("/") == "https://api.openai.com/v1"
    assert model.client.api_key == "none"  # type: ignore[attr-defined]


def test_a_key_does_not_show_when_settings_are_printed() -> None:
    assert "sk-secret" not in repr(LLMSettings(model="m", api_key="sk-secret"))


def test_the_standing_instructions_hold_facts_and_not_the_motive() -> None:
    text = instructions(_brief())
    assert "six point one two five percent with one point" in text
    assert "2021" not in text
    assert "$" not in text


def test_every_move_has_a_direction() -> None:
    director = Director(_brief())
    state = ScriptedBuyer(_brief()).dispatcher.state
    for kind in ("unheard", "rude", "odd", "follow", "warning", "gone", "goodbye", "hurry", "fallback", "carry_on"):
        assert len(director.note([Move(kind)], state)) > 60


def test_sentences_are_cut_as_they_are_completed() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("It's six point one") == []
    assert cutter.feed(" two five. And") == ["It's six point one two five."]
    assert cutter.feed(" 6.5 is more") == []
    assert cutter.finish() == [" And 6.5 is more"]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("**Sure.** *laughs*", "Sure."),
        ("Marcus: It's the APR, right?", "It's the A P R, right?"),
        ("(pauses) Well", "Well."),
        ("“Fine.”", "Fine."),
        ("😀", ""),
        ("...", ""),
    ],
)
def test_text_is_made_fit_for_speech(written: str, spoken: str) -> None:
    assert for_speech(written) == spoken
