"""Criteria that words alone cannot decide, read by a language model: 0 to 4 by anchors, with a quote or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from string import Template
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, Field
from pydantic_ai.models import Model

from parley.buyer.llm import build_model
from parley.buyer.settings import LLMSettings
from parley.calls.models import Attempt, Transcript
from parley.core.tenancy import acting_as_service
from parley.scoring.feedback.guard import Guard, Refused
from parley.scoring.feedback.llm.prompt import JUDGE_PROMPT, prompt_text, transcript_text
from parley.scoring.feedback.llm.stream import Failed, stream_draft
from parley.scoring.feedback.quotes import find_quote

log = structlog.get_logger(__name__)
REASON = "A judge reads for the organisation, not for the rep."
LONGEST_S = 20.0
AT_ONCE = 4
ANCHORS = ("not at all", "a little, mostly by chance", "in part", "well, with a gap", "fully, and on purpose")
"""What 0 to 4 mean when a criterion says nothing of its own."""


class Verdict(BaseModel):
    """What a judge answers."""

    model_config = ConfigDict(extra="ignore")
    score: int | None = Field(default=None, ge=0, le=4, description="0 to 4 by the scale; null when undecided.")
    i: int = Field(default=-1, description="Number of the utterance that the score stands on.")
    quote: str = Field(default="", description="Words copied from it exactly.")
    why: str = Field(default="", description="One short sentence.")


def judge_attempt(
    attempt_id: UUID, settings: LLMSettings | None, model_of: Callable[[], Model] | None = None
) -> list[dict[str, Any]]:
    """Have the rubric's `judge` criteria of one ended attempt read, once, and keep the verdicts in `kpis.judged`.

    Without a model, or when it fails, a criterion abstains and says why. Returns the verdicts.
    """
    with acting_as_service(REASON):
        attempt = Attempt.objects.filter(pk=attempt_id, status="ended").first()
        words = Transcript.objects.filter(attempt_id=attempt_id).values_list("transcript", flat=True).first()
    criteria = [c for c in attempt.rubric.get("criteria") or [] if c["kind"] == "judge"] if attempt else []
    if not criteria or not words or settings is None or attempt is None:
        return []
    chosen = settings
    make = model_of or (lambda: build_model(chosen))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        judged = list(pool.map(lambda c: judge(words, c, model=chosen.model, model_of=make), criteria))
    with acting_as_service(REASON):
        # score_attempt takes the verdicts over into the KPIs that it computes.
        Attempt.objects.filter(pk=attempt_id, status="ended").update(kpis={"judged": judged})
    return judged


def judge(
    transcript: Sequence[Mapping[str, Any]],
    criterion: Mapping[str, Any],
    *,
    model: str,
    model_of: Callable[[], Model],
    longest_s: float = LONGEST_S,
) -> dict[str, Any]:
    """One verdict as JSON: id, score 0..4 or null, quote, i, start_ms, end_ms, model, prompt_version, why.

    Temperature 0. The score is null unless its quote is in the transcript; `why` then says what is missing.
    """
    found: dict[str, Any] = {
        "id": criterion["id"],
        "score": None,
        **dict.fromkeys(("quote", "i", "start_ms", "end_ms")),
        "model": model,
        "prompt_version": JUDGE_PROMPT,
    }
    guard = Guard(transcript)
    try:
        verdict = _ask(transcript, guard, criterion, model_of, longest_s)
        why = guard.text(verdict.why)[:200]
    except Failed as failure:
        log.warning("A judge did not answer.", criterion=criterion["id"], problem=str(failure))
        return {**found, "why": f"the language model {failure}"}
    except Refused as refusal:
        return {**found, "why": f"the verdict was discarded: {refusal}"}
    passage = find_quote(transcript, verdict.quote, verdict.i)
    if verdict.score is None:
        return {**found, "why": why or "the call does not show enough to decide"}
    if passage is None or passage.i in guard.barred:
        return {**found, "why": "the words that the verdict stood on are not in the call"}
    where = {"quote": passage.quote, "i": passage.i, "start_ms": passage.start_ms, "end_ms": passage.end_ms}
    return {**found, **where, "score": verdict.score, "why": why}


def _ask(
    transcript: Sequence[Mapping[str, Any]],
    guard: Guard,
    criterion: Mapping[str, Any],
    model_of: Callable[[], Model],
    longest_s: float,
) -> Verdict:
    pieces = stream_draft(
        model_of,
        Verdict,
        instructions=judge_prompt(criterion),
        prompt=transcript_text(transcript, guard.barred),
        temperature=0.0,
        first_s=longest_s,
        whole_s=longest_s,
    )
    return deque(pieces, maxlen=1)[0][0]


def judge_prompt(criterion: Mapping[str, Any]) -> str:
    """The frozen prompt with the criterion's label, help and anchors."""
    anchors = list(criterion.get("anchors") or ANCHORS)
    return Template(prompt_text(JUDGE_PROMPT)).substitute(
        label=criterion["label"],
        help=criterion.get("help") or "",
        anchors="\n".join(f"{n} = {text}" for n, text in enumerate(anchors)),
    )
