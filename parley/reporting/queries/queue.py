"""What waits for a coach's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.reporting.queries.rows import fetch
from parley.scoring.models import Dispute


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open dispute of a criterion."""

    attempt_id: UUID
    criterion: str
    label: str
    rep_name: str
    scenario_title: str
    reason: str
    at: datetime


def disputes_waiting(at_most: int = 5) -> tuple[list[Waiting], int]:
    """The oldest open disputes that the acting member answers for, and how many there are."""
    count = Dispute.objects.filter(status="open").count()
    if not count:
        return [], 0
    rows = fetch(
        Waiting,
        """
        select d.attempt_id, d.criterion,
            coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as rep_name,
            s.title as scenario_title, d.reason, d.created_at as at,
            coalesce((select c ->> 'label' from jsonb_array_elements(a.score_breakdown -> 'criteria') as c
                where c ->> 'id' = d.criterion limit 1), d.criterion) as label
        from criterion_disputes d join scenario_attempts a on a.id = d.attempt_id
        join scenarios s on s.id = a.scenario_id join users u on u.id = d.user_id
        where d.status = 'open' order by d.created_at limit %s
        """,
        [at_most],
    )
    return rows, count
