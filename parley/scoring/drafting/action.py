"""Draft a scenario from one call and save it; a language model is asked between two transactions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from uuid import UUID

import structlog
from pydantic_ai.models import Model

from parley.buyer.llm import build_model
from parley.buyer.settings import LLMSettings
from parley.calls.models import Attempt, Transcript
from parley.calls.queries import with_words
from parley.core.tenancy import acting_as_service
from parley.scenarios.actions import save_draft
from parley.scenarios.models import Scenario
from parley.scoring.drafting import CallDraft, draft_key
from parley.scoring.drafting.build import build
from parley.scoring.drafting.checked import check_draft
from parley.scoring.drafting.rules import draft_by_rules
from parley.scoring.feedback.guard import Guard, Refused
from parley.scoring.feedback.llm.prompt import SCENARIO_PROMPT, prompt_text, transcript_text
from parley.scoring.feedback.llm.stream import Failed, stream_draft

log = structlog.get_logger(__name__)
REASON = "A scenario is drafted for the author who asked for it."


def draft_scenario(
    attempt_id: UUID, *, by: UUID, settings: LLMSettings | None, model_of: Callable[[], Model] | None = None
) -> Scenario | None:
    """Save a draft made from a scored call, once; None when its words are gone."""
    with acting_as_service(REASON):
        attempt = Attempt.objects.select_related("scenario").filter(pk=attempt_id, status="scored").first()
        words = Transcript.objects.filter(attempt_id=attempt_id).values_list("transcript", flat=True).first()
        if attempt is None or not words:
            return None
        kpis = with_words(attempt).kpis or {}
    draft = draft_by_rules(words, kpis, attempt.rubric)
    if settings is not None:
        chosen = settings
        draft = _by_model(words, model_of or (lambda: build_model(chosen))) or draft
    scored_by = attempt.scenario
    base = {"persona": scored_by.persona, "branching": scored_by.branching, "rubric": attempt.rubric}
    title = f"{draft.name or 'A buyer'}, from a call of {attempt.created_at:%d %b %Y}"
    with acting_as_service(REASON):
        return save_draft(scored_by, key=draft_key(attempt_id), title=title, parts=build(base, draft), by=by)


def _by_model(words: list[dict[str, object]], model_of: Callable[[], Model]) -> CallDraft | None:
    try:
        pieces = stream_draft(
            model_of,
            CallDraft,
            instructions=prompt_text(SCENARIO_PROMPT),
            prompt=transcript_text(words, Guard(words).barred),
            temperature=0.2,
        )
        return check_draft(deque(pieces, maxlen=1)[0][0], words)
    except (Failed, Refused) as problem:
        log.warning("A model's scenario draft was not used.", problem=str(problem))
        return None
