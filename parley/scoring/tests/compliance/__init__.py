"""What people say, and which rule it breaks or keeps: tables by hand, and how they become a call."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from parley.scoring.tests.conftest import said

FILLER = (
    "Let me walk through this with you step by step so that we both look at the same page before we move on to the "
    "next part of it, slowly and in order."
)


def table(vertical: str, half: str) -> dict[str, dict[str, list[Any]]]:
    """Check id -> breaks and clean, of one half: `tuned` or `held_out`, or of the `fresh` set as a whole."""
    path = Path(__file__).parent / f"{vertical}_{half}.yaml"
    data: dict[str, dict[str, list[Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def fresh_half(vertical: str, half: str) -> dict[str, dict[str, list[Any]]]:
    """The same of the half of the fresh set that is `tuned` on or `reported`; a fixed hash of the words decides."""
    return {
        check: {kind: [item for item in said if _half_of(check, item) == half] for kind, said in kinds.items()}
        for check, kinds in table(vertical, "fresh").items()
    }


def _half_of(check: str, item: str | dict[str, str]) -> str:
    told = json.dumps([check, item], sort_keys=True).encode()
    return "tuned" if hashlib.sha256(told).digest()[0] % 2 else "reported"


def call_with(item: str | dict[str, str]) -> list[dict[str, Any]]:
    """A call in which the rep says this, or the buyer something and the rep that."""
    if isinstance(item, str):
        return said(("r", 0, 9, item), ("b", 10, 12, "Okay then."), ("r", 13, 25, FILLER))
    turns: list[tuple[Any, ...]] = [("r", 0, 9, "Hello there.")]
    if "earlier" in item:
        turns += [("b", 9.2, 9.4, "Hello to you."), ("r", 9.5, 9.9, item["earlier"])]
    return said(*turns, ("b", 10, 14, item["buyer"]), ("r", 15, 25, item["rep"]), ("b", 26, 27, "Okay then."))
