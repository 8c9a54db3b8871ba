"""Admins decide about their organisation; what would be lost is said before."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from parley.accounts.models import Org
from parley.core.models import AuditEntry
from parley.core.tenancy import acting_as
from tests.support.cast import Cast, Person

GENERAL = {"name": "Summit West", "timezone": "America/Denver", "week_start": "0"}


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def _org(cast: Cast) -> Org:
    with acting_as(cast.omar.member):
        return Org.objects.get()


@pytest.mark.parametrize("name", ["ana", "ben", "hana"])
def test_only_admins_open_and_change_it(cast: Cast, name: str) -> None:
    client = _client(cast.people()[name])
    assert client.get("/admin/organisation/").status_code == 403
    for part in ("general", "consent", "fillers", "retention", "logo"):
        assert client.post(f"/admin/organisation/{part}/", {**GENERAL, "remove": "1"}).status_code == 403
    assert _org(cast).name == "Summit"


def test_name_calendar_and_tone_are_saved_and_audited(cast: Cast) -> None:
    client = _client(cast.omar)
    assert client.post("/admin/organisation/general/", GENERAL).status_code == 302
    org = _org(cast)
    assert (org.name, org.timezone, org.week_start, org.reads_emotion) == ("Summit West", "America/Denver", 0, False)
    with acting_as(cast.omar.member):
        entry = AuditEntry.objects.filter(table_name="orgs").latest("id")
    assert (entry.old or {})["name"] == "Summit"
    wrong = client.post("/admin/organisation/general/", {**GENERAL, "name": "", "timezone": "Mars/Base"})
    assert wrong.status_code == 422
    assert b"Mars/Base" in wrong.content
    assert client.post("/admin/organisation/nothing/", GENERAL).status_code == 404


def test_another_consent_text_is_another_version_and_the_same_is_not(cast: Cast) -> None:
    client, words = _client(cast.omar), "Calls are recorded so that we can coach you. You talk to an AI voice."
    for _ in range(2):
        client.post("/admin/organisation/consent/", {"recording_consent_text": words})
    assert (_org(cast).recording_consent_text, _org(cast).consent_version) == (words, 2)
    assert client.post("/admin/organisation/consent/", {"recording_consent_text": "Ok?"}).status_code == 422


def test_fewer_days_are_kept_only_once_confirmed(cast: Cast) -> None:
    client, path = _client(cast.omar), "/admin/organisation/retention/"
    asked = client.post(path, {"retention_days": "30"}).content.decode()
    assert "Keeping 30 days deletes for good" in asked
    assert "0 recordings" in asked
    assert _org(cast).retention_days == 365
    client.post(path, {"retention_days": "20", "confirmed": "30"})
    assert _org(cast).retention_days == 365
    client.post(path, {"retention_days": "30", "confirmed": "30"})
    assert _org(cast).retention_days == 30
    client.post(path, {"retention_days": "400"})
    assert _org(cast).retention_days == 400
    assert client.post(path, {"retention_days": "0"}).status_code == 422


def test_fillers_are_read_with_their_weights(cast: Cast) -> None:
    client = _client(cast.omar)
    assert client.post("/admin/organisation/fillers/", {"fillers": "Um\n you  know = 0.5\n\n"}).status_code == 302
    assert _org(cast).fillers == [{"say": "um", "weight": 1.0}, {"say": "you know", "weight": 0.5}]
    assert b"you know = 0.5" in client.get("/admin/organisation/").content


@pytest.mark.parametrize("line", ["um = lots", "um = 9", "= 1", "12 = 1", "um\num", "nan = nan"])
def test_a_filler_that_cannot_count_is_named_and_kept_in_the_form(cast: Cast, line: str) -> None:
    answer = _client(cast.omar).post("/admin/organisation/fillers/", {"fillers": f"like = 0.5\n{line}"})
    assert answer.status_code == 422
    assert b"like = 0.5" in answer.content
    assert _org(cast).fillers == []


def test_the_logo_is_drawn_anew_and_shown_to_its_people_alone(cast: Cast, settings: Any, tmp_path: Path) -> None:
    disk = {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / "org-assets")}}
    settings.STORAGES = {**settings.STORAGES, "org-assets": disk}
    file, client = io.BytesIO(), _client(cast.omar)
    Image.new("RGB", (1200, 300), "teal").save(file, "JPEG")
    file.seek(0)
    file.name = "logo.jpg"
    assert client.post("/admin/organisation/logo/", {"picture": file}).status_code == 302
    answer = _client(cast.ben).get("/organisation/logo")
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as kept:  # type: ignore[attr-defined]
        assert (kept.format, kept.size) == ("PNG", (480, 120))
    assert _client(cast.carla).get("/organisation/logo").status_code == 404
    client.post("/admin/organisation/logo/", {"remove": "1"})
    assert client.get("/organisation/logo").status_code == 404
