"""Job entry points of scoring."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.core.tenancy import acting_as_service
from parley.scoring import actions


@app.task(name="scoring.score_attempt", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def score_attempt_job(attempt_id: str) -> None:
    """Score one finished attempt."""
    with acting_as_service("Scores are not the rep's to write."):
        actions.score_attempt(UUID(attempt_id))
