"""Which topics a rep asked about in a call that no buyer of ours took part in, so that nobody tagged it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parley.buyer.branching import Branching
from parley.buyer.matcher import matcher_for


def with_topics_asked(utterances: Iterable[dict[str, Any]], branching: Branching) -> list[dict[str, Any]]:
    """The same utterances; those of the rep are tagged `asked:<topic>` as the scenario's buyer would understand them.

    A transcript in which a buyer's tags tell already what was answered stays as it is. Each is a dict as the transcript
    of record holds it (`speaker`, `text`, maybe `tags`).
    """
    said = [*utterances]
    if any(u["speaker"] == "buyer" and u.get("tags") for u in said):
        return said
    matcher = matcher_for(branching)
    return [_tagged(u, [t.id for t in matcher.read(u["text"]).of("topic")]) for u in said]


def _tagged(utterance: dict[str, Any], topics: list[str]) -> dict[str, Any]:
    if utterance["speaker"] != "rep" or not topics:
        return utterance
    kept = [tag for tag in utterance.get("tags") or [] if not tag.startswith("asked:")]
    return {**utterance, "tags": [*kept, *(f"asked:{topic}" for topic in topics)]}
