"""Housekeeping jobs of the installation."""

from __future__ import annotations

from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(name="core.remove_old_jobs", queueing_lock="core.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that ended well three days ago or failed thirty days ago."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72)
    await builtin_tasks.remove_old_jobs(context, max_hours=720, remove_failed=True)
