"""The sentences of the rule-based writer: by slot, each with a name of its own, filled from the call."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

_FOLDER = Path(__file__).parent / "wording"


@cache
def templates() -> dict[str, list[str]]:
    """All sentences by slot, such as `summary.won`."""
    found: dict[str, list[str]] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        for slot, lines in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}.{slot}"] = list(lines)
    return found


@cache
def needs(template: str) -> frozenset[str]:
    """The names that a sentence must be given."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def choose(slot: str, seed: int, given: Mapping[str, str]) -> tuple[str, str]:
    """Name and text of one sentence of a slot, always the same for the same seed.

    Sentences that need something which is not given, or empty, are passed over.
    """
    have = {name for name, value in given.items() if value}
    fit = [(n, text) for n, text in enumerate(templates()[slot]) if needs(text) <= have]
    n, text = fit[zlib.crc32(f"{seed}:{slot}".encode()) % len(fit)]
    # A slot that was given nothing leaves no double blank behind.
    return f"{slot}.{n}", " ".join(text.format_map(given).split())
