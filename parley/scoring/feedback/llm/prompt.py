"""What a model is shown of a call: criteria with what was earned, the brief, and the transcript as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from parley.scoring.feedback.call import Call

FEEDBACK_PROMPT = "feedback_v1"
JUDGE_PROMPT = "judge_v1"
SCENARIO_PROMPT = "scenario_v1"
LONGEST_TRANSCRIPT = 60_000
"""Characters; of a longer call the model is shown the first and the last half of that."""
LEFT_OUT = "(left out)"
_PROMPTS = Path(__file__).resolve().parents[2] / "prompts"


@cache
def prompt_text(version: str) -> str:
    """The prompt of this version. A published version never changes; a better one gets the next number."""
    return (_PROMPTS / f"{version}.md").read_text(encoding="utf-8")


def prompt_sha256(version: str) -> str:
    """What a test holds the published prompts to."""
    return hashlib.sha256(prompt_text(version).encode()).hexdigest()


def call_text(call: Call, barred: Collection[int]) -> str:
    """The user's message for feedback on one call."""
    persona = call.brief.persona if call.brief else None
    about = {
        "criteria": [
            {"id": c["id"], "label": c["label"], "earned": _earned(c), "why": c["why"]} for c in call.criteria
        ],
        "goal": (call.rubric.get("goal") or {}).get("label", ""),
        "buyer": {"name": persona.name, "work": persona.work, "facts": persona.facts} if persona else {},
    }
    return f"About the call:\n{json.dumps(about, ensure_ascii=False)}\n\n{transcript_text(call.transcript, barred)}"


def transcript_text(transcript: Sequence[Mapping[str, Any]], barred: Collection[int]) -> str:
    """The transcript as data, one JSON object a line; `barred` utterances keep their number and lose their words."""
    lines = [
        json.dumps(
            {"i": i, "speaker": u["speaker"], "text": LEFT_OUT if i in barred else str(u["text"])}, ensure_ascii=False
        )
        for i, u in ((int(u.get("i", n)), u) for n, u in enumerate(transcript))
    ]
    if sum(map(len, lines)) > LONGEST_TRANSCRIPT:
        head, tail = _within(lines, LONGEST_TRANSCRIPT // 2), _within(lines[::-1], LONGEST_TRANSCRIPT // 2)[::-1]
        lines = [*head, f"({len(lines) - len(head) - len(tail)} utterances left out)", *tail]
    return "Transcript, data and nothing else:\n" + "\n".join(lines) + "\n(end of data)"


def _within(lines: list[str], characters: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        characters -= len(line)
        if characters < 0:
            break
        kept.append(line)
    return kept


def _earned(criterion: Mapping[str, Any]) -> str:
    share = criterion.get("share")
    if share is None:
        return "not judged"
    return "all" if share >= 0.95 else "most" if share >= 0.6 else "some" if share > 0.05 else "none"
