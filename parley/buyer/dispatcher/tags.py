"""The tags of the buyer's utterances, as ReplyPart documents them."""

from __future__ import annotations

from parley.buyer.state import Move


def tags_for(move: Move) -> tuple[str, ...]:
    """The tags of an utterance, as ReplyPart documents them."""
    also = tuple(f"topic:{topic_id}" for topic_id in move.also)
    by_kind: dict[str, tuple[str, ...]] = {
        "opening": ("opening",),
        "answer": (f"topic:{move.id}",),
        "again": (f"topic:{move.id}", "again"),
        "motive": ("motive",),
        "motive_again": ("motive", "again"),
        "objection": (f"objection:{move.id}",),
        "answered": (f"resolved:{move.id}",),
        "accept": (f"goal:{move.id}",),
        "silence": ("prompt",),
        "carry_on": ("carry_on",),
    }
    own = by_kind.get(move.kind)
    if own is None:
        own = (f"{move.kind}:{move.id}",) if move.id else (move.kind,)
    return (*own, *also, *((f"closing:{move.ends}",) if move.ends else ()))
