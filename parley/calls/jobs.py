"""Job entry points of calls."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parley.calls import actions
from parley.core.tenancy import acting_as_service


@app.periodic(cron="* * * * *")
@app.task(name="calls.sweep", queueing_lock="calls.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Finish calls whose process died."""
    with acting_as_service("The sweep looks after every organisation's lost calls."):
        return actions.sweep_lost_calls()
