"""What happens to an uploaded call: kept until a worker has time, heard, closed and scored."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import structlog
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile

from parley.calls import importing
from parley.core.storage import bucket
from parley.scoring.imports import ImportRefused, finish_transcript, is_recording, read_recording, read_transcript
from parley.voice.contracts import Utterance

log = structlog.get_logger(__name__)


def take_upload(file: UploadedFile[Any]) -> IO[bytes]:
    """A copy of an uploaded file that outlives its request; gone when it is closed."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever takes it closes it
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def keep_upload(attempt_id: UUID, name: str, copy: IO[bytes]) -> str:
    """Keep the copy in the `tmp` bucket; returns its path there."""
    with copy:
        return bucket("tmp").save(f"imports/{attempt_id}/{name}", File(copy))


def import_upload(attempt_id: UUID, path: str) -> None:
    """Hear or read a kept upload and close its attempt; what cannot be scored fails with the reason."""
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder) / Path(path).name
        try:
            with bucket("tmp").open(path, "rb") as kept, local.open("wb") as copy:
                shutil.copyfileobj(kept, copy)
            _import(attempt_id, local)
        except ImportRefused as refused:
            importing.refuse_import(attempt_id, str(refused).replace(f"{folder}/", ""))
        except FileNotFoundError:
            importing.refuse_import(attempt_id, f"{local.name} is not there any more; upload it again.")
    bucket("tmp").delete(path)


def _import(attempt_id: UUID, local: Path) -> None:
    if not is_recording(local):
        importing.finish_import(attempt_id, _shaped(read_transcript(local)), sound=None, by="")
        return
    call = read_recording(local)
    utterances, by = importing.recognise(attempt_id, call.rep, call.buyer)
    for speaker, side in (("rep", "left (rep)"), ("buyer", "right (buyer)")):
        if not any(u["speaker"] == speaker for u in utterances):
            raise ImportRefused(f"{local.name} holds no speech on the {side} channel; both sides must be heard.")
    importing.finish_import(attempt_id, finish_transcript(utterances), sound=(call.rep, call.buyer), by=by)


def _shaped(utterances: list[dict[str, object]]) -> list[dict[str, object]]:
    """Only what a transcript of record holds; other fields of a file are left out."""
    known = set(Utterance.model_fields)
    return [{name: value for name, value in u.items() if name in known} for u in utterances]
