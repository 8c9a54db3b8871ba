"""What a person may ask of us: everything we know about them, and to be forgotten."""

from __future__ import annotations

import json
import tempfile
import zipfile
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from parley.accounts.models import Consent, User
from parley.calls.models import Attempt, Recording, Transcript, Words
from parley.calls.retention import delete_files
from parley.core.models import Event
from parley.core.storage import bucket
from parley.core.tenancy import Member
from parley.scoring.models import Dispute, Override
from parley.training.models import Assignment


def export_person(member: Member) -> str:
    """Write all that the acting member's organisation knows about them into `exports` as a zip; returns its path.

    Runs as that member: what they may not read is not in it.
    """
    path = f"{member.org_id}/{member.user_id}/my-data-{timezone.now():%Y%m%d-%H%M%S}.zip"
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write_rows(archive, member)
            _write_recordings(archive, member)
        file.seek(0)
        bucket("exports").save(path, File(file))
    return path


def erase_person(user_id: UUID) -> bool:
    """Erase a person and their files; facts stay without them. False when there is no such person.

    Files go first: if this stops half-way the rows still name what is left, and it can be done again.
    """
    attempts = Attempt.objects.filter(user_id=user_id)
    recordings = dict(Recording.objects.filter(attempt__in=attempts).values_list("pk", "path"))
    transcripts = dict(Transcript.objects.filter(attempt__in=attempts).values_list("pk", "path"))
    for key in recordings.keys() | transcripts.keys():
        delete_files(recordings.get(key), transcripts.get(key))
    user = User.objects.filter(pk=user_id).first()
    if user is not None and user.avatar_url:
        bucket("avatars").delete(user.avatar_url.removeprefix("avatars/"))
    if user is not None:
        _delete_folder("exports", f"{user.org_id}/{user.pk}")
    with connection.cursor() as cursor:
        cursor.execute("select erase_user(%s)", [user_id])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _write_rows(archive: zipfile.ZipFile, member: Member) -> None:
    attempts = Attempt.objects.filter(user_id=member.user_id)
    rows: dict[str, list[Any]] = {
        "profile": list(User.objects.filter(pk=member.user_id).values()),
        "consents": list(Consent.objects.filter(user_id=member.user_id).values()),
        "assignments": list(Assignment.objects.filter(user_id=member.user_id).values()),
        "attempts": list(attempts.values()),
        "transcripts": list(Transcript.objects.filter(attempt__in=attempts).values()),
        "words": list(Words.objects.filter(attempt__in=attempts).values()),
        "overrides": list(Override.objects.filter(user_id=member.user_id).values()),
        "disputes": list(Dispute.objects.filter(user_id=member.user_id).values()),
        "events": list(Event.objects.filter(actor_id=member.user_id).values()),
    }
    for name, found in rows.items():
        archive.writestr(f"{name}.json", json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))


def _write_recordings(archive: zipfile.ZipFile, member: Member) -> None:
    for recording in Recording.objects.filter(attempt__user_id=member.user_id):
        storage = bucket("recordings")
        if storage.exists(recording.path):
            with (
                storage.open(recording.path, "rb") as sound,
                archive.open(f"recordings/{recording.pk}.flac", "w") as out,
            ):
                _pour(sound, out)


def _pour(source: IO[bytes], target: IO[bytes]) -> None:
    while chunk := source.read(1 << 20):
        target.write(chunk)


def _delete_folder(name: str, folder: str) -> None:
    try:
        files = bucket(name).listdir(folder)[1]
    except FileNotFoundError:
        return
    for file in files:
        bucket(name).delete(f"{folder}/{file}")
