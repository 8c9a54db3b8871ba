"""Job entry points of calls."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parley.calls import closing, retention


@app.periodic(cron="* * * * *")
@app.task(name="calls.sweep", queueing_lock="calls.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Finish calls whose process died."""
    return closing.sweep_lost_calls()


@app.periodic(cron="29 3 * * *")
@app.task(name="calls.forget_old_words", queueing_lock="calls.forget_old_words", pass_context=False)
def forget_old_words(timestamp: int) -> int:
    """Keep sound and words no longer than organisations said, and empty `tmp`."""
    retention.clean_tmp()
    return retention.forget_old_words()
