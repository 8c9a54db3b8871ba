"""The event log (what happened) and the audit log (who changed which row), both append-only."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone


def transaction_number() -> models.Expression:
    """The number of the transaction that runs, as the database's default."""
    number = models.Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(number, models.TextField()), models.BigIntegerField())


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
    tx = models.BigIntegerField(null=True, editable=False, db_default=transaction_number())

    class Meta:
        db_table = "events"
        indexes = [
            models.Index(fields=["org_id", "-at"], name="events_org_at"),
            models.Index(fields=["org_id", "tx"], name="events_org_tx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__regex=r"^[a-z_]+(\.[a-z_]+)+$"), name="events_name_noun_verb"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_id}"


class AuditEntry(models.Model):
    """One change of one row: who, what, old, new, when, from where.

    Written by a trigger, which no role can go around; nobody may insert, change or delete entries.
    """

    org_id = models.UUIDField()
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=64)
    action = models.CharField(max_length=6)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    acted_as = models.CharField(max_length=63)
    actor_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    origin = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "audit_log"
        indexes = [
            models.Index(fields=["org_id", "-at"], name="audit_log_org_at"),
            models.Index(fields=["org_id", "table_name", "row_id"], name="audit_log_row"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=("insert", "update", "delete")), name="audit_log_action_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.row_id}"
