"""What changes webhooks and deliveries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection


def enqueue_webhook(event: str, payload: Mapping[str, Any]) -> int:
    """One pending delivery per enabled webhook that listens, in this transaction; returns how many.

    Members speak for their own organisation; the installation names it in `payload["org"]["id"]`.
    """
    with connection.cursor() as cursor:
        cursor.execute("select enqueue_webhook(%s, %s::jsonb)", [event, json.dumps(payload, default=str)])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def forget_old_payloads() -> int:
    """Blank quotes and addresses of sound and words in payloads past the organisation's days; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update webhook_deliveries d
            set payload = blank_quotes(d.payload) #- '{attempt,recording_url}' #- '{attempt,transcript_url}'
            from orgs o
            where o.id = d.org_id and d.created_at < now() - o.retention_days * interval '1 day'
              and d.payload is distinct from
                blank_quotes(d.payload) #- '{attempt,recording_url}' #- '{attempt,transcript_url}'
            """
        )
        return int(cursor.rowcount)
