"""From a preview to people, and back again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from parley.accounts.actions.people import Refused, change_user, invite_user
from parley.accounts.imports.plan import make_plan
from parley.accounts.imports.reading import read_sheet
from parley.accounts.models import PeopleImport, PeopleImportRow, Team, User
from parley.core import events
from parley.core.tenancy import Member

KEPT_DAYS = 30
"""For how long a list can be undone and its refused lines be read."""
DRAFT_HOURS = 24
BATCH = 100


@transaction.atomic
def preview_list(data: bytes, *, file_name: str, by: Member) -> PeopleImport:
    """Keep what would be done with every line of the file; nobody is changed. Raises reading.UnreadableList."""
    plan = make_plan(read_sheet(data), by=by)
    made = PeopleImport.objects.create(
        org_id=by.org_id, by_id=by.user_id, file_name=file_name[:160], header=plan.header, columns=plan.columns
    )
    PeopleImportRow.objects.bulk_create(
        [
            PeopleImportRow(
                org_id=by.org_id, batch=made, line=fate.line, email=fate.email, name=fate.name, fate=fate.fate,
                why=fate.why, cells=fate.cells, values=fate.values,
            )
            for fate in plan.fates
        ],
        batch_size=1000,
    )  # fmt: skip
    return made


@transaction.atomic
def begin_import(batch: PeopleImport, *, invites: bool, by: Member) -> bool:
    """Let a worker do what the preview says; False when it was begun before."""
    waiting = PeopleImport.objects.filter(pk=batch.pk, status="draft")
    if not waiting.update(status="queued", invites=invites, by_id=by.user_id):
        return False
    _record("people.imported", batch, by)
    return True


def apply_batch(import_id: UUID, *, by: Member) -> tuple[bool, list[UUID]]:
    """Do the next lines; returns whether any are left, and who is to be written to.

    Every line stands by itself: what cannot be any more is refused with the reason, and the others go on.
    """
    with transaction.atomic():
        batch = PeopleImport.objects.select_for_update().get(pk=import_id)
        if batch.status not in ("queued", "running"):
            return False, []
        rows = list(batch.rows.filter(done_at=None, fate__in=("new", "changed")).order_by("line")[:BATCH])
        if not rows:
            _finish(batch, "done")
            return False, []
        PeopleImport.objects.filter(pk=import_id).update(status="running")
        made = [user for row in rows if (user := _apply(row, batch, by)) is not None]
    return True, made if batch.invites else []


def _apply(row: PeopleImportRow, batch: PeopleImport, by: Member) -> UUID | None:
    try:
        with transaction.atomic():
            if row.fate == "new":
                row.made = _make(row, batch, by)
            else:
                _change(row, by)
    except Refused as refused:
        row.fate, row.why, row.made = "refused", str(refused), None
    row.done_at = timezone.now()
    row.save(update_fields=["fate", "why", "made", "done_at"])
    return row.made


def _make(row: PeopleImportRow, batch: PeopleImport, by: Member) -> UUID:
    values = _with_team(row.values)
    given = {"role": "trainee", "first_name": "", "last_name": "", "team": None, **values}
    return invite_user(email=row.email, invite=batch.invites, by=by, **given).pk


def _change(row: PeopleImportRow, by: Member) -> None:
    user = User.objects.filter(org_id=by.org_id, email__iexact=row.email, is_active=True).first()
    if user is None:
        raise Refused(f"{row.email} is not here any more.")
    change_user(user, _with_team(row.values), by=by)


def _with_team(values: dict[str, Any]) -> dict[str, Any]:
    found = dict(values)
    team_id = found.pop("team_id", None)
    if team_id:
        team = Team.objects.filter(pk=team_id, archived_at=None).first()
        if team is None:
            raise Refused("The team is not in use any more.")
        found["team"] = team
    return found


@transaction.atomic
def begin_undo(batch: PeopleImport, *, by: Member) -> bool:
    """Let a worker remove whom this list made; False when there is nothing to undo."""
    if not PeopleImport.objects.filter(pk=batch.pk, status__in=("done", "failed")).update(status="undoing"):
        return False
    _record("people.import_undone", batch, by)
    return True


def undo_import(import_id: UUID, *, by: Member) -> int:
    """Remove those whom the list made, as far as nobody has come in their name; returns how many.

    Whoever signed in, practised or leads a team stays, and so does what the list changed about people of before.
    """
    with transaction.atomic():
        batch = PeopleImport.objects.select_for_update().get(pk=import_id)
        if batch.status != "undoing":
            return 0
        made = list(batch.rows.filter(made__isnull=False).values_list("made", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("select remove_newcomers(%s)", [made])
            row = cursor.fetchone()
        gone = list(row[0]) if row else []
        batch.rows.filter(made__in=gone).update(made=None, why="Removed again.")
        _finish(batch, "undone")
    return len(gone)


def waiting_for_invitation(batch: PeopleImport) -> list[UUID]:
    """Whom the list made and nobody wrote to yet."""
    made = [user_id for user_id in batch.rows.values_list("made", flat=True) if user_id]
    waiting = User.objects.filter(pk__in=made, identity=None, is_active=True, invited_at=None)
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def invite_all(batch: PeopleImport, *, by: Member) -> list[UUID]:
    """Begin the days of those who wait for an invitation; returns who is to be written to."""
    waiting = waiting_for_invitation(batch)
    User.objects.filter(pk__in=waiting, invited_at=None).update(invited_at=timezone.now())
    for user_id in waiting:
        events.record("user.invited", org_id=by.org_id, subject=("user", user_id), actor_id=by.user_id)
    return waiting


@transaction.atomic
def fail(import_id: UUID, problem: str) -> None:
    """Say why a list was not brought in to its end; what was done so far can be undone."""
    PeopleImport.objects.filter(pk=import_id, status__in=("queued", "running", "undoing")).update(
        status="failed", problem=problem, finished_at=timezone.now()
    )


@transaction.atomic
def discard_draft(batch: PeopleImport) -> bool:
    """Forget a preview; False when it was begun."""
    return bool(PeopleImport.objects.filter(pk=batch.pk, status="draft").delete()[0])


def forget_old_lists() -> int:
    """Forget previews that nobody began after a day, and every line after thirty; for all organisations."""
    now = timezone.now()
    drafts = PeopleImport.objects.filter(status="draft", created_at__lt=now - timedelta(hours=DRAFT_HOURS))
    gone = drafts.count()
    PeopleImportRow.objects.filter(batch__in=drafts).delete()
    drafts.delete()
    old = PeopleImportRow.objects.filter(batch__created_at__lt=now - timedelta(days=KEPT_DAYS))
    return gone + old.delete()[0]


def _finish(batch: PeopleImport, status: str) -> None:
    PeopleImport.objects.filter(pk=batch.pk).update(status=status, finished_at=timezone.now())


def _record(event: str, batch: PeopleImport, by: Member) -> None:
    counts = {fate: batch.rows.filter(fate=fate).count() for fate in ("new", "changed", "refused")}
    events.record(event, org_id=by.org_id, subject=("people_import", batch.pk), actor_id=by.user_id, data=counts)
