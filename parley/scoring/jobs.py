"""Job entry points of scoring."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.calls import relisten
from parley.calls.voice import llm_settings
from parley.core.tenancy import acting_as_service
from parley.scoring import actions, exemplars, judging, notices, uploads, writing
from parley.scoring.drafting import action
from parley.scoring.evals.actions import run_eval
from parley.scoring.rescoring.actions import run_rescore, write_feedback_of

MODEL_AT_ONCE = 4
"""Feedback jobs that may wait for a language model at once; scoring never queues behind them."""

MAIL_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)

LOOK_AGAIN_S = 120
"""After so long a job that waits for a call to end looks again."""


@app.task(name="scoring.score_attempt", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def score_attempt_job(attempt_id: str) -> None:
    """Score one finished attempt, once its transcript is whole and a judge has read it where one is asked for."""
    relisten.hear_again_if_poor(UUID(attempt_id))
    settings = llm_settings()
    judging.judge_attempt(UUID(attempt_id), settings)
    with acting_as_service("Scores are not the rep's to write."):
        attempt = actions.score_attempt(UUID(attempt_id), by_model=settings is not None)
        if actions.is_being_written(attempt.feedback):
            _ask_model(attempt_id)


@app.task(name="scoring.draft_scenario")
def draft_scenario_job(attempt_id: str, user_id: str) -> None:
    """Draft a scenario from a scored call for the author who asked."""
    action.draft_scenario(UUID(attempt_id), by=UUID(user_id), settings=llm_settings())


@app.task(name="scoring.import_call")
def import_call_job(attempt_id: str, path: str) -> None:
    """Hear an uploaded call and close it; the event of that has it scored."""
    uploads.import_upload(UUID(attempt_id), path)


@app.task(name="scoring.write_feedback")
def write_feedback_job(attempt_id: str) -> None:
    """Write one scored attempt's feedback by a language model."""
    if settings := llm_settings():
        writing.write_by_model(UUID(attempt_id), settings)


@app.task(name="scoring.write_feedback_again")
def write_feedback_again_job(attempt_id: str) -> None:
    """Have the feedback of one call follow its score after somebody decided a part of it."""
    with acting_as_service("Feedback is written for whoever held the call, not by them."):
        attempt = actions.write_feedback_again(UUID(attempt_id), by_model=llm_settings() is not None)
        if attempt is not None and actions.is_being_written(attempt.feedback):
            _ask_model(attempt_id)


@app.task(name="scoring.write_feedback_of_rescore")
def write_feedback_of_rescore_job(rescore_id: str) -> None:
    """Have the feedback of all calls that a re-score moved follow their scores."""
    write_feedback_of(UUID(rescore_id))


@app.task(name="scoring.rescore")
def rescore_job(rescore_id: str) -> None:
    """Score the history of one scenario again."""
    run_rescore(UUID(rescore_id))


@app.task(name="scoring.run_eval")
def run_eval_job(eval_id: str) -> None:
    """Let simulated reps prove one scenario."""
    run_eval(UUID(eval_id))


@app.task(name="scoring.make_exemplar")
def make_exemplar_job(scenario_id: str) -> None:
    """Hold and voice the exemplar call of one version of a scenario, or come back when nobody is on the phone."""
    if exemplars.a_call_runs():
        defer_exemplar(scenario_id, after_s=LOOK_AGAIN_S)
        return
    exemplars.make_exemplar(UUID(scenario_id))


def defer_exemplar(scenario_id: str, *, after_s: int) -> None:
    """Have an exemplar call made, one after the other, behind everything else that the worker has to do."""
    make_exemplar_job.configure(
        lock="slow", priority=-10, schedule_in={"seconds": after_s}, queueing_lock=f"exemplar:{scenario_id}"
    ).defer(scenario_id=scenario_id)


def _ask_model(attempt_id: str) -> None:
    lock = f"feedback:{UUID(attempt_id).int % MODEL_AT_ONCE}"
    write_feedback_job.configure(lock=lock).defer(attempt_id=attempt_id)


@app.task(name="scoring.tell_of_score", retry=MAIL_RETRY, pass_context=False)
def tell_of_score_job(attempt_id: str) -> bool:
    """Write to the rep that a call has its score."""
    return notices.tell_of_score(UUID(attempt_id))


@app.task(name="scoring.tell_of_change", retry=MAIL_RETRY, pass_context=False)
def tell_of_change_job(attempt_id: str, criterion: str, by: str) -> bool:
    """Write to the rep that somebody decided a part of the score."""
    return notices.tell_of_change(UUID(attempt_id), criterion, UUID(by))


@app.task(name="scoring.tell_of_answer", retry=MAIL_RETRY, pass_context=False)
def tell_of_answer_job(attempt_id: str, criterion: str) -> bool:
    """Write to the rep that a dispute was answered."""
    return notices.tell_of_answer(UUID(attempt_id), criterion)
