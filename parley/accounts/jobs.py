"""Job entry points of accounts."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.accounts import invitations

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="accounts.send_invitation", retry=RETRY, pass_context=False)
def send_invitation(user_id: str, inviter: str) -> bool:
    """Write to somebody who is invited; tried again while the mail server does not answer."""
    return invitations.send_invitation(UUID(user_id), inviter=inviter)
