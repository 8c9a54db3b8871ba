"""Job entry points of integrations."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parley.core.tenancy import acting_as_service
from parley.integrations import actions


@app.periodic(cron="37 3 * * *")
@app.task(name="integrations.forget_old_payloads", queueing_lock="integrations.forget_old_payloads", pass_context=False)
def forget_old_payloads(timestamp: int) -> int:
    """Keep words in payloads no longer than organisations said."""
    with acting_as_service("Retention holds for every organisation."):
        return actions.forget_old_payloads()
