"""The event log: what happened, one row each, append-only."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """Something that happened in one organisation: `call.finished`, `attempt.scored`.

    Never changed, never deleted by code.
    """

    org_id = models.UUIDField()
    event = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    actor_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "events"
        indexes = [models.Index(fields=["org_id", "-at"], name="events_org_at")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__regex=r"^[a-z_]+(\.[a-z_]+)+$"), name="events_name_noun_verb"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_id}"
