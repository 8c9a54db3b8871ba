"""Made-up calls and rubrics in which everything happens that scoring looks for, and much that only looks like it."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import yaml

_PARTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
RUBRIC: dict[str, Any] = _PARTS["rubric"]
OWN_FILLERS: list[dict[str, Any]] = _PARTS["fillers_of_its_own"]
REP, BUYER, ASIDES, FILLERS, ODD, TAGS = (
    list[str](_PARTS[name]) for name in ("rep", "buyer", "asides", "fillers", "odd", "tags")
)
ASKED = [tag.replace("topic:", "asked:") for tag in TAGS if tag.startswith("topic:")]


def make_rubric(rng: Random) -> dict[str, Any]:
    """The rubric, with parts of it left out at random."""
    found = {k: v for k, v in RUBRIC.items() if k not in ("motive", "goal") or rng.random() < 0.85}
    if rng.random() < 0.3:
        found["objections"] = [{**o, "answer_needed": len(o["answer"])} for o in RUBRIC["objections"]]
    if rng.random() < 0.3:
        found["topics"] = rng.sample(RUBRIC["topics"], rng.randrange(4))
    if rng.random() < 0.3:
        found["fillers"] = OWN_FILLERS
    if "goal" not in found:
        found["criteria"] = [c for c in RUBRIC["criteria"] if c["kind"] != "goal"]
    return found


def make_transcript(rng: Random) -> list[dict[str, Any]]:
    """A call of up to 30 utterances: overlaps, back-channels, cuts, lost words and stops, word times, tags or none."""
    tagged, stopped, typed = rng.random() < 0.5, rng.random() < 0.8, rng.random() < 0.1
    found: list[dict[str, Any]] = []
    at, speaker = 0.0, "rep"
    for _ in range(rng.randrange(1, 31)):
        if rng.random() < 0.85:
            speaker = "buyer" if speaker == "rep" else "rep"
        aside = rng.random() < 0.12
        text = rng.choice(ASIDES) if aside else _text(rng, speaker, stopped=stopped)
        start = max(0.0, at + rng.choice([-2.0, -0.9, -0.4, -0.3, -0.2, 0.0, 0.2, 0.4, 0.6, 1.1, 2.5]))
        end = start + (0.4 if aside else rng.uniform(0.2, 9.0))
        u: dict[str, Any] = {"speaker": speaker, "start": round(start, 2), "end": round(end, 2), "text": text}
        u["source"] = "typed" if typed else "live"
        if rng.random() < 0.8:
            u["i"] = len(found)
        if rng.random() < 0.12:
            u["heard_until"] = round(start + rng.uniform(0, 8), 2)
        if rng.random() < 0.4:
            u["sentiment"] = round(rng.uniform(-1, 1), 3)
        if rng.random() < 0.4:
            u["words"] = _times(rng, text, u["start"], u["end"])
        if tagged and speaker == "buyer" and rng.random() < 0.5:
            u["tags"] = rng.sample(TAGS, rng.randrange(1, 3))
        elif rng.random() < 0.03:
            u["tags"] = [rng.choice(["unclear", *ASKED])] if speaker == "rep" else ["cut" if tagged else "unclear"]
        at = max(at, end) if not aside else at
        found.append(u)
    if rng.random() < 0.1:
        rng.shuffle(found)
    return found


def _text(rng: Random, speaker: str, *, stopped: bool) -> str:
    sentences = [
        _sentence(rng, REP if speaker == "rep" or rng.random() < 0.1 else BUYER) for _ in range(rng.randrange(1, 4))
    ]
    if not stopped:
        return re.sub(r"[.,?!…]", "", " ".join(sentences)).lower()
    said = [s + rng.choice([".", ".", ".", "?", "!", "…", "...", ".”", ","]) for s in sentences]
    return rng.choice([" ", " ", "  ", "\n"]).join(said)


def _sentence(rng: Random, among: list[str]) -> str:
    words = rng.choice(among).split()
    if rng.random() < 0.2:
        words += [rng.choice(["and", ", but", "-", "because", ";"]), *rng.choice(among).split()]
    if rng.random() < 0.15 and len(words) > 2:
        words.pop(rng.randrange(len(words)))
    if rng.random() < 0.3:
        words.insert(rng.randrange(len(words) + 1), rng.choice(FILLERS))
    if rng.random() < 0.08:
        words.insert(rng.randrange(len(words) + 1), rng.choice(ODD))
    if rng.random() < 0.1:
        words.insert(
            0,
            rng.choice(
                ["So", "Well, um,", "I can't say", "We never", "Do you think", "And why", "Not only", "No doubt"]
            ),
        )
    return " ".join(words)


def _times(rng: Random, text: str, start: float, end: float) -> list[dict[str, Any]]:
    words = text.split()
    step = (end - start) / max(1, len(words))
    found, at = [], start
    for w in words:
        spoken = max(0.01, step - rng.choice([0.02, 0.05, 0.31, 0.45]))
        found.append({"w": w, "start": round(at, 3), "end": round(at + spoken, 3)})
        at += step
    return found if rng.random() < 0.9 else found[:-1]
