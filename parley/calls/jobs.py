"""Job entry points of calls."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parley.calls import closing


@app.periodic(cron="* * * * *")
@app.task(name="calls.sweep", queueing_lock="calls.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Finish calls whose process died."""
    return closing.sweep_lost_calls()
