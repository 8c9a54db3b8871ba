"""Sound and words are kept for as long as their organisation says; numbers stay."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.files.storage import Storage
from django.db import connection
from django.db.models.functions import Coalesce
from django.utils import timezone

from parley.calls.models import Attempt, Recording, Transcript
from parley.core.storage import bucket
from parley.core.tenancy import Member, acting_as_service

BATCH = 200
TMP_HOURS = 48
REASON = "Retention holds for every organisation."


def forget_old_words() -> int:
    """Delete recordings and transcripts past their days and blank what was quoted; returns how many attempts.

    Files go first: if this stops half-way, rows still name what is left and the next run goes on.
    """
    forgotten = 0
    while True:
        with acting_as_service(REASON), connection.cursor() as cursor:
            cursor.execute("select * from words_due(%s)", [BATCH])
            due: list[tuple[UUID, str | None, str | None]] = cursor.fetchall()
        for _, recording, transcript in due:
            delete_files(recording, transcript)
        if due:
            with acting_as_service(REASON), connection.cursor() as cursor:
                cursor.execute("select forget_words(%s)", [[attempt_id for attempt_id, _, _ in due]])
        forgotten += len(due)
        if len(due) < BATCH:
            return forgotten


def preview(member: Member, days: int) -> dict[str, int]:
    """What would be deleted tonight in the member's organisation if it kept so many days."""
    # A member sees not everybody's practice calls; how many of them there are is no secret.
    with acting_as_service(REASON):
        old = Attempt.objects.filter(org_id=member.org_id).exclude(status__in=("created", "live"))
        past = Coalesce("ended_at", "created_at")
        ids = old.annotate(past=past).filter(past__lt=timezone.now() - timedelta(days=days)).values("pk")
        return {
            "recordings": Recording.objects.filter(attempt__in=ids).count(),
            "transcripts": Transcript.objects.filter(attempt__in=ids).count(),
        }


def delete_files(recording: str | None, transcript: str | None) -> None:
    """Delete the files of one attempt; what is gone already is no error."""
    if recording:
        bucket("recordings").delete(recording)
    if transcript:
        bucket("transcripts").delete(transcript)
        bucket("transcripts").delete(transcript.removesuffix("json") + "txt")


def clean_tmp() -> int:
    """Delete what has been lying in `tmp` for two days, except segments of calls still running; returns how many."""
    storage = bucket("tmp")
    old = timezone.now() - timedelta(hours=TMP_HOURS)
    return sum(_delete_if_old(storage, path, old) for path in list(_walk(storage, "")))


def _delete_if_old(storage: Storage, path: str, old: object) -> bool:
    try:
        if storage.get_modified_time(path) >= old:  # type: ignore[operator]
            return False
    except FileNotFoundError:
        return False
    storage.delete(path)
    return True


def _walk(storage: Storage, folder: str) -> list[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return []
    below = [path for name in folders for path in _walk(storage, f"{folder}{name}/")]
    return [f"{folder}{name}" for name in files] + below
