"""Segments kept while the call runs become one recording; nothing recorded is lost when a process dies."""

from __future__ import annotations

import errno
import io
import json
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
from django.test import Client
from django.utils import timezone

from parley.calls import actions, closing, recordings
from parley.calls.models import Attempt, LiveUtterance, Recording, Transcript
from parley.core.storage import DiskBucket, bucket, sign_url
from parley.core.tenancy import acting_as, acting_as_service
from parley.voice.contracts import CallRecord, Utterance
from tests.support.cast import Cast

RATE = recordings.SAMPLE_RATE


@pytest.fixture(autouse=True)
def _own_buckets(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            name: {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in settings.BUCKETS
        },
    }


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    with acting_as(cast.ben.member):
        attempt, token = actions.start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes")
    with acting_as_service("a test redeems"):
        actions.redeem_token(token)
        attempt.refresh_from_db()
    return attempt


def _pcm(seconds: float, left: int, right: int) -> bytes:
    return np.tile(np.array([left, right], dtype="<i2"), (round(seconds * RATE), 1)).tobytes()


def _record(attempt: Attempt, **fields: Any) -> CallRecord:
    now = timezone.now()
    said = Utterance(i=0, speaker="rep", start=0.0, end=1.0, text="Hello")
    values: dict[str, Any] = {
        "started_at": now,
        "ended_at": now,
        "duration_s": 5.0,
        "end_reason": "goal",
        "utterances": [said],
    }
    return CallRecord(attempt_id=attempt.pk, **{**values, **fields})


def test_segments_become_one_stereo_recording_with_gaps_as_silence(attempt: Attempt, on_commit: Any) -> None:
    recordings.keep_segment(attempt.pk, 0, 0.0, _pcm(2, 1000, 2000))
    recordings.keep_segment(attempt.pk, 2, 3.0, _pcm(1, 3000, 4000))
    with on_commit(execute=True):
        assert closing.close_call(attempt.pk, lambda found: _record(found))
    with acting_as_service("a test looks"):
        row = Recording.objects.get(attempt=attempt)
    assert json.loads(bucket("transcripts").open(recordings.transcript_path(attempt)).read())[0]["text"] == "Hello"
    assert b"Rep: Hello" in bucket("transcripts").open(f"{attempt.org_id}/{attempt.pk}.txt").read()
    samples, rate = sf.read(io.BytesIO(bucket("recordings").open(row.path).read()), dtype="int16")
    assert (rate, samples.shape) == (RATE, (4 * RATE, 2))
    assert samples[RATE].tolist() == [1000, 2000]
    assert samples[int(2.5 * RATE)].tolist() == [0, 0]
    assert samples[int(3.5 * RATE)].tolist() == [3000, 4000]
    assert row.duration_s == 4.0
    assert len(row.peaks) == 2
    assert max(row.peaks[1]) == pytest.approx(4000 / 32768, abs=0.001)
    assert recordings.recorded_s(attempt.pk) == 0.0


def test_overlapping_segments_are_not_doubled(attempt: Attempt) -> None:
    recordings.keep_segment(attempt.pk, 0, 0.0, _pcm(2, 1, 1))
    recordings.keep_segment(attempt.pk, 1, 1.0, _pcm(2, 2, 2))
    found = recordings.assemble(attempt)
    assert found is not None
    assert found["duration_s"] == 3.0


def test_finishing_twice_changes_nothing(attempt: Attempt) -> None:
    with acting_as_service("a test finishes"):
        assert actions.finish_attempt(attempt, record=_record(attempt))
        assert not actions.finish_attempt(attempt, record=_record(attempt, duration_s=99.0))
        attempt.refresh_from_db()
    assert attempt.duration_s == 5.0


def _lose(attempt: Attempt) -> None:
    recordings.keep_segment(attempt.pk, 0, 0.0, _pcm(2, 1, 1))
    with acting_as_service("a test loses a process"):
        for i, text in enumerate(["Hello", "This is Ben"]):
            said = Utterance(i=i, speaker="rep", start=float(i), end=i + 0.9, text=text)
            actions.keep_utterance(attempt.pk, attempt.org_id, said)
        assert closing.sweep_lost_calls() == 0
        Attempt.objects.filter(pk=attempt.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))


def test_the_sweep_finishes_a_call_whose_process_died(attempt: Attempt) -> None:
    _lose(attempt)
    assert closing.sweep_lost_calls() == 1
    with acting_as_service("a test looks"):
        attempt.refresh_from_db()
        assert attempt.status == "ended"
        assert attempt.end_reason == "server_stopped"
        assert [u["text"] for u in Transcript.objects.get(attempt=attempt).transcript] == ["Hello", "This is Ben"]
        assert Recording.objects.filter(attempt=attempt).exists()
        assert not LiveUtterance.objects.filter(attempt=attempt).exists()


def test_a_full_disk_loses_nothing_and_the_next_sweep_closes(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    _lose(attempt)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(DiskBucket, "save", full)
        assert closing.sweep_lost_calls() == 0
    assert recordings.recorded_s(attempt.pk) == 2.0
    assert closing.sweep_lost_calls() == 1


def test_the_same_utterance_again_replaces_it(attempt: Attempt) -> None:
    with acting_as_service("a test keeps"):
        for text in ("hallo", "Hello"):
            actions.keep_utterance(attempt.pk, attempt.org_id, Utterance(i=0, speaker="rep", start=0, end=1, text=text))
        assert [row.utterance["text"] for row in LiveUtterance.objects.filter(attempt=attempt)] == ["Hello"]


def test_a_signed_address_plays_and_seeks(db: None) -> None:
    from django.core.files.base import ContentFile

    path = f"{uuid.uuid4()}/{uuid.uuid4()}.flac"
    bucket("recordings").save(path, ContentFile(b"fLaC456789"))
    with acting_as_service("a test signs"):
        url = sign_url("recordings", path)
    whole = Client().get(url)
    assert b"".join(whole.streaming_content) == b"fLaC456789"  # type: ignore[attr-defined]
    assert whole["Content-Type"] == "audio/flac"
    part = Client().get(url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part["Content-Range"]) == (206, "bytes 2-4/10")
    assert b"".join(part.streaming_content) == b"aC4"  # type: ignore[attr-defined]
    tail = Client().get(url, headers={"Range": "bytes=-3"})
    assert b"".join(tail.streaming_content) == b"789"  # type: ignore[attr-defined]
    assert Client().get(url, headers={"Range": "bytes=50-"}).status_code == 416


@pytest.mark.parametrize("change", ["other path", "other bucket", "later expiry", "expired", "no signature"])
def test_a_changed_address_is_refused(db: None, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_as_service("a test signs"):
        url = sign_url("recordings", "a/b.flac", ttl_s=1 if change == "expired" else 60)
    if change == "other path":
        url = url.replace("b.flac", "c.flac")
    elif change == "other bucket":
        url = url.replace("/recordings/", "/transcripts/")
    elif change == "later expiry":
        url = url.replace("expires=", "expires=9")
    elif change == "no signature":
        url = url.split("&signature")[0]
    else:
        time.sleep(1.1)
    assert Client().get(url).status_code == 403


@pytest.mark.asyncio
async def test_under_asgi_the_file_is_streamed_not_read_whole(tmp_path: Path) -> None:
    from django.test import AsyncRequestFactory

    from parley.core.views import _ranged

    path = tmp_path / "a.flac"
    path.write_bytes(b"x" * 200_000)
    response = _ranged(
        AsyncRequestFactory().get("/x", headers={"Range": "bytes=10-199999"}), path.open("rb"), 200_000, "a.flac"
    )
    assert response.is_async  # type: ignore[attr-defined]
    sizes = [len(chunk) async for chunk in response.streaming_content]  # type: ignore[attr-defined]
    assert sum(sizes) == 199_990
    assert max(sizes) <= 64 * 1024


def test_another_process_takes_over_where_the_first_one_died(attempt: Attempt, cast: Cast) -> None:
    recordings.keep_segment(attempt.pk, 0, 0.0, _pcm(2, 1, 1))
    recordings.keep_segment(attempt.pk, 1, 2.0, _pcm(1, 1, 1))
    with acting_as_service("a test keeps"):
        said = Utterance(i=0, speaker="buyer", start=0.2, end=1.4, text="Hello, this is Marcus.")
        actions.keep_utterance(attempt.pk, attempt.org_id, said)
    with acting_as(cast.ben.member):
        token = actions.renew_token(attempt, by=cast.ben.member)
    with acting_as_service("a test joins again"):
        brief = actions.redeem_token(token)
    assert (brief.resumed_at_s, brief.resumed_segment) == (3.0, 2)
    assert [u.text for u in brief.history] == ["Hello, this is Marcus."]
