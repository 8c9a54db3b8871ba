"""Everybody takes a copy of their own data, and of nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.test import Client

from parley.core.storage import bucket
from parley.reporting import jobs
from tests.support.cast import Cast


def test_a_copy_is_made_by_a_job_and_listed_for_its_owner_alone(cast: Cast, settings: Any, tmp_path: Path) -> None:
    disk = {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / "exports")}}
    settings.STORAGES = {**settings.STORAGES, "exports": disk}
    ben, dan = Client(), Client()
    ben.force_login(cast.ben.identity)
    dan.force_login(cast.dan.identity)
    assert b"not asked for a copy" in ben.get("/settings/data/").content
    assert ben.post("/settings/data/").status_code == 302
    path = jobs.export_person.func(str(cast.ben.user.pk), str(cast.ben.user.org_id), "trainee")
    with bucket("exports").open(path) as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        (profile,) = json.loads(archive.read("profile.json"))
    assert profile["email"] == cast.ben.user.email
    assert path.rpartition("/")[2].encode() in ben.get("/settings/data/").content
    assert b"my-data-" not in dan.get("/settings/data/").content
