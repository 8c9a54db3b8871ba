"""Ask for an eval of a scenario, and run it."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from parley.core import events
from parley.core.tenancy import Member, acting_as_service
from parley.scenarios.models import Scenario
from parley.scoring.evals.run import SEEDS, evaluate
from parley.scoring.evals.subject import EvalRefused, subject_of
from parley.scoring.models import ScenarioEval

TELL_EVERY_S = 1.0
"""How often a run writes down how far it is."""


def ask_for_eval(scenario: Scenario, *, by: Member, seeds: int = SEEDS) -> ScenarioEval:
    """A queued eval of this version of the scenario, or the one that waits or runs already. Raises EvalRefused."""
    subject_of(scenario)
    try:
        with transaction.atomic():
            return ScenarioEval.objects.create(
                org_id=by.org_id, scenario=scenario, by_id=by.user_id, seeds=seeds, status="queued"
            )
    except IntegrityError:
        return ScenarioEval.objects.get(scenario=scenario, status__in=("queued", "running"))


def run_eval(eval_id: UUID) -> None:
    """Hold and score the calls of a queued eval and keep what they show. A second run of it does nothing."""
    reason = "An eval reads one organisation's scenario and writes what simulated reps showed."
    with acting_as_service(reason):
        if not ScenarioEval.objects.filter(pk=eval_id, status="queued").update(status="running"):
            return
        asked = ScenarioEval.objects.select_related("scenario").get(pk=eval_id)
    told_at = 0.0

    def progress(share: float) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < TELL_EVERY_S:
            return
        told_at = time.monotonic()
        with acting_as_service(reason):
            ScenarioEval.objects.filter(pk=eval_id).update(progress=min(1.0, share))

    try:
        result = evaluate(subject_of(asked.scenario), seeds=asked.seeds, paraphrased=True, progress=progress)
    except Exception as problem:
        said = str(problem) if isinstance(problem, EvalRefused) else "The run broke off; an admin finds why in the log."
        _finish(eval_id, reason, status="failed", problem=said)
        if not isinstance(problem, EvalRefused):
            raise
        return
    _finish(eval_id, reason, status="done", progress=1.0, result=result.as_dict())


def _finish(eval_id: UUID, reason: str, **fields: object) -> None:
    with acting_as_service(reason):
        ScenarioEval.objects.filter(pk=eval_id).update(finished_at=timezone.now(), **fields)
        run = ScenarioEval.objects.get(pk=eval_id)
        events.record("eval.finished", org_id=run.org_id, subject=("scenario", run.scenario_id), actor_id=run.by_id)
