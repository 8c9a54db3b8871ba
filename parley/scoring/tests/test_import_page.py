"""A real call is uploaded, heard, scored and kept as an attempt of kind imported; bad files are named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from parley.calls.models import Attempt, Recording, Transcript
from parley.calls.tests.sound import RATE, two_sides
from parley.core.storage import bucket
from parley.core.tenancy import acting_as_service
from parley.scoring.jobs import import_call_job, score_attempt_job
from parley.scoring.tests.calls import GOOD
from parley.scoring.tests.conftest import said
from tests.support.cast import Cast

OnCommit = Callable[..., Any]


@pytest.fixture(autouse=True)
def _own_buckets(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            name: {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in settings.BUCKETS
        },
    }


def wav(samples: Any, rate: int = RATE) -> bytes:
    sound = io.BytesIO()
    soundfile.write(sound, samples, rate, format="WAV")
    return sound.getvalue()


def upload(cast: Cast, name: str, data: bytes, on_commit: OnCommit, **fields: Any) -> Any:
    client = Client()
    client.force_login(cast.ben.identity)
    form = {"file": SimpleUploadedFile(name, data), "scenario": cast.scenario.key, "consent": "on", **fields}
    with on_commit(execute=True):
        return client.post("/attempts/import/", {key: value for key, value in form.items() if value is not None})


def waiting_job() -> dict[str, str]:
    """What the job was left with: the database lets nobody here read its arguments, so this follows the kept file."""
    with acting_as_service("a test counts jobs"), connection.cursor() as cursor:
        cursor.execute("select count(id) from procrastinate_jobs")
        row = cursor.fetchone()
    assert row is not None
    assert row[0] >= 1
    attempt_id = str(imported().pk)
    (name,) = bucket("tmp").listdir(f"imports/{attempt_id}")[1]
    return {"attempt_id": attempt_id, "path": f"imports/{attempt_id}/{name}"}


def imported() -> Attempt:
    with acting_as_service("a test looks"):
        return Attempt.objects.get(kind="imported")


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: OnCommit) -> OnCommit:
    return django_capture_on_commit_callbacks


def test_a_stereo_recording_is_heard_and_scored(cast: Cast, on_commit: OnCommit) -> None:
    answer = upload(cast, "customer.wav", wav(two_sides()), on_commit)
    attempt = imported()
    assert (answer.status_code, answer["Location"]) == (302, f"/attempts/{attempt.pk}/")
    assert (attempt.status, attempt.mode) == ("created", "practice")
    assert "Everybody on this call knew" in attempt.consent_text
    client = Client()
    client.force_login(cast.ben.identity)
    assert "The recording is being heard" in client.get(answer["Location"]).content.decode()
    job = waiting_job()
    import_call_job(**job)
    score_attempt_job(attempt_id=str(attempt.pk))
    attempt = imported()
    assert attempt.status == "scored"
    assert attempt.models_used == {"stt": "the embedded Whisper"}
    with acting_as_service("a test looks"):
        words = Transcript.objects.get(pk=attempt.pk).transcript
        recording = Recording.objects.get(pk=attempt.pk)
    assert [u["speaker"] for u in words] == ["rep", "buyer"]
    assert "Marcus" in words[0]["text"]
    assert words[0]["source"] == "import"
    assert recording.duration_s == pytest.approx(len(two_sides()) / RATE)
    with bucket("recordings").open(recording.path) as file:
        assert soundfile.info(file).channels == 2
    assert not bucket("tmp").exists(job["path"])
    page = client.get(f"/attempts/{attempt.pk}/").content.decode()
    assert "Imported" in page


def test_a_transcript_needs_no_hearing(cast: Cast, on_commit: OnCommit) -> None:
    upload(cast, "call.json", json.dumps(said(*GOOD)).encode(), on_commit)
    import_call_job(**waiting_job())
    attempt = imported()
    assert attempt.status == "ended"
    assert attempt.duration_s == 88
    with acting_as_service("a test looks"):
        assert not Recording.objects.filter(pk=attempt.pk).exists()


@pytest.mark.parametrize(
    ("name", "data", "said_back"),
    [
        ("mono.wav", wav(np.zeros(RATE, dtype=np.float32)), "mono.wav is mono; Parley needs stereo"),
        ("long.wav", wav(np.zeros((61 * 60 * 8, 2), dtype=np.float32), 8), "long.wav is 1:01:00 long; at most 1:00:00"),
        ("broken.mp3", b"no sound at all" * 50, "broken.mp3 cannot be read as sound"),
        ("notes.pdf", b"%PDF", "notes.pdf is none of"),
        ("empty.wav", b"", "This file is empty."),
        ("odd.json", b'[{"speaker": "parrot"}]', "odd.json: transcript[0].speaker"),
        ("nobody.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "does not say who speaks"),
    ],
)
def test_a_bad_file_is_named_and_nothing_begins(
    cast: Cast, on_commit: OnCommit, name: str, data: bytes, said_back: str
) -> None:
    answer = upload(cast, name, data, on_commit)
    assert answer.status_code == 422
    assert said_back in answer.content.decode()
    with acting_as_service("a test looks"):
        assert not Attempt.objects.exists()


def test_without_consent_or_scenario_nothing_begins(cast: Cast, on_commit: OnCommit) -> None:
    data = json.dumps(said(*GOOD)).encode()
    assert "consent" in upload(cast, "call.json", data, on_commit, consent=None).content.decode()
    assert upload(cast, "call.json", data, on_commit, scenario="nowhere").status_code == 422


def test_a_recording_in_which_one_side_is_silent_fails_with_the_reason(cast: Cast, on_commit: OnCommit) -> None:
    sound = two_sides()
    sound[:, 1] = 0
    upload(cast, "half.wav", wav(sound), on_commit)
    import_call_job(**waiting_job())
    attempt = imported()
    assert attempt.status == "failed"
    assert attempt.notes == [
        "half.wav is silent on the right (buyer) channel; both sides of the call must be recorded."
    ]
    client = Client()
    client.force_login(cast.ben.identity)
    assert "half.wav is silent" in client.get(f"/attempts/{attempt.pk}/").content.decode()


def test_the_form_says_what_it_takes(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    page = client.get("/attempts/import/").content.decode()
    for words in ("at most 60 minutes and 300 MB", "Stereo sound", cast.scenario.title, "only I can see it"):
        assert words in page
    assert "/attempts/import/" in client.get("/attempts/").content.decode()
