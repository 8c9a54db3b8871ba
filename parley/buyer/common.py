"""What every buyer understands and may say, whatever the scenario; read once from common.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from parley.buyer.branching import Branching, Lines, SmallTalk, Topic

_FILE = Path(__file__).with_name("common.yaml")
_TOPICS = Path(__file__).with_name("topics.yaml")


class CommonLines(BaseModel):
    """Lines without a persona, used where the scenario has none or has run out."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    follow: Lines
    unheard: Lines
    rude: Lines
    odd: Lines
    enough: Lines
    goodbye: Lines
    quiet_goodbye: Lines
    fallback: Lines


class AgainLines(BaseModel):
    """How a buyer says that something was said already."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    leads: list[str]
    told: Lines


class Common(BaseModel):
    """The shared part of every branching."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    small_talk: list[SmallTalk]
    lines: CommonLines
    again: AgainLines
    explore: list[str]
    acknowledge: list[str]


@lru_cache(maxsize=1)
def common() -> Common:
    """The shared phrases and lines."""
    return Common.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def small_talk_of(branching: Branching) -> dict[str, SmallTalk]:
    """Small talk by id: the common set with the scenario's own words in place."""
    merged = {talk.id: talk for talk in common().small_talk}
    for own in branching.small_talk:
        shared = merged.get(own.id)
        hear = [*(shared.hear if shared else ()), *own.hear]
        merged[own.id] = SmallTalk(id=own.id, hear=hear, says=own.says)
    return merged


@lru_cache(maxsize=1)
def _shared_asks() -> dict[str, tuple[str, ...]]:
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(_TOPICS.read_text(encoding="utf-8"))
    asks: dict[str, tuple[str, ...]] = {}
    for name, row in data.items():
        for topic_id in (name, *row.get("also", ())):
            asks[topic_id] = (*asks.get(topic_id, ()), *row["ask"])
    return asks


def asks_of(topic: Topic) -> tuple[str, ...]:
    """All ways in which a rep may ask for a topic: the scenario's own, then those every scenario shares by its id."""
    return tuple(dict.fromkeys((*topic.ask, *_shared_asks().get(topic.id, ()))))
