"""Feedback by a language model, after the score: written down as it comes, so that any page can follow it.

The network is never spoken to inside a transaction: the call is read in one, the draft is stored in others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic_ai.models import Model

from parley.buyer.llm import build_model
from parley.buyer.settings import LLMSettings
from parley.calls.models import Attempt, Transcript
from parley.calls.queries import with_words
from parley.core import live
from parley.core.tenancy import acting_as_service
from parley.scoring import actions
from parley.scoring.feedback import write_feedback
from parley.scoring.feedback.call import Call
from parley.scoring.feedback.guard import Guard, Refused
from parley.scoring.feedback.llm.checked import check_draft
from parley.scoring.feedback.llm.draft import FeedbackDraft
from parley.scoring.feedback.llm.prompt import FEEDBACK_PROMPT, call_text, prompt_text
from parley.scoring.feedback.llm.stream import Failed, stream_draft

log = structlog.get_logger(__name__)
REASON = "Feedback is written for whoever held the call, not by them."
TEMPERATURE = 0.3
STORE_EVERY_S = 0.25
AGAIN_AFTER_S = 1.5
ModelOf = Callable[[], Model]


@dataclass
class _Writing:
    """One call whose feedback is being written."""

    attempt_id: UUID
    org_id: UUID
    scored_at: datetime | None
    call: Call
    rules: dict[str, Any]
    stored: dict[str, Any] | None = None
    stored_at: float = 0.0
    allowed: dict[str, bool] = field(default_factory=dict)

    def may_say(self, words: str) -> bool:
        """Does the rubric of the call let a rep say this?"""
        if words not in self.allowed:
            with acting_as_service(REASON):
                self.allowed[words] = actions.may_say(words, self.call.rubric)
        return self.allowed[words]

    def check(self, draft: FeedbackDraft, *, whole: bool) -> dict[str, Any]:
        return check_draft(draft, self.call, self.rules, may_say=self.may_say, whole=whole)

    def show(self, checked: dict[str, Any]) -> None:
        """Store what can be shown of a draft, a few times a second at most."""
        if checked == self.stored or time.monotonic() - self.stored_at < STORE_EVERY_S:
            return
        self.stored, self.stored_at = checked, time.monotonic()
        self.store({**self.rules, "state": "writing", "draft": checked})

    def store(self, feedback: dict[str, Any]) -> None:
        """Write feedback unless the call was scored anew meanwhile."""
        with acting_as_service(REASON):
            Attempt.objects.filter(pk=self.attempt_id, scored_at=self.scored_at).update(feedback=feedback)
            live.say("feedback", org_id=self.org_id, subject=self.attempt_id)


def write_by_model(attempt_id: UUID, settings: LLMSettings, model_of: ModelOf | None = None) -> str:
    """Write a scored call's feedback with a model; whatever goes wrong, the rules' feedback stands with a note.

    Returns who wrote it: `llm:<model>` or `rules-…`.
    """
    writing = _read(attempt_id)
    if writing is None:
        return ""
    try:
        feedback = {
            **_ask(writing, model_of or (lambda: build_model(settings))),
            "writer": f"llm:{settings.model}",
            "model": settings.model,
            "prompt": FEEDBACK_PROMPT,
        }
    except (Failed, Refused) as problem:
        log.warning("A model's feedback was not used.", attempt_id=str(attempt_id), problem=str(problem))
        note = f"The language model {problem}" if isinstance(problem, Failed) else f"A draft was discarded: {problem}"
        feedback = {**writing.rules, "note": f"{note}. This feedback was written by rules."}
    writing.store(feedback)
    return str(feedback["writer"])


def _read(attempt_id: UUID) -> _Writing | None:
    with acting_as_service(REASON):
        attempt = Attempt.objects.filter(pk=attempt_id, status="scored").first()
        words = Transcript.objects.filter(attempt_id=attempt_id).values_list("transcript", flat=True).first()
        if attempt is None or not words:
            return None
        attempt = with_words(attempt)
        kpis, breakdown = attempt.kpis or {}, attempt.score_breakdown or {}
    call = Call(words, kpis, breakdown, attempt.rubric, attempt.brief)
    rules = write_feedback(words, kpis, breakdown, attempt.rubric, attempt.brief)
    return _Writing(attempt_id, attempt.org_id, attempt.scored_at, call, rules)


def _ask(writing: _Writing, model_of: ModelOf) -> dict[str, Any]:
    """The checked feedback; asks once more when that may help. Raises Failed or Refused."""
    try:
        return _follow(writing, model_of)
    except (Failed, Refused) as problem:
        if isinstance(problem, Failed) and not problem.again:
            raise
        time.sleep(AGAIN_AFTER_S)
        return _follow(writing, model_of)


def _follow(writing: _Writing, model_of: ModelOf) -> dict[str, Any]:
    for draft, is_whole in _drafts(writing.call, model_of):
        checked = writing.check(draft, whole=is_whole)
        if is_whole:
            return checked
        writing.show(checked)
    raise Failed("said nothing", again=True)


def _drafts(call: Call, model_of: ModelOf) -> Iterator[tuple[FeedbackDraft, bool]]:
    return stream_draft(
        model_of,
        FeedbackDraft,
        instructions=prompt_text(FEEDBACK_PROMPT),
        prompt=call_text(call, Guard(call.transcript).barred),
        temperature=TEMPERATURE,
    )
