"""The buckets in S3: the real protocol over HTTP against moto's server, from the recorder to retention."""

from __future__ import annotations

import io
import json
import logging
import urllib.error
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import boto3
import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from moto.server import ThreadedMotoServer

from parley.calls import actions, closing, recordings, retention
from parley.calls.models import Attempt, Recording, Transcript
from parley.core.buckets import Unfit
from parley.core.storage import bucket, sign_url
from parley.core.tenancy import acting_as, acting_as_service
from parley.reporting.privacy import erase_person, export_person
from parley.voice.contracts import CallRecord, Utterance
from tests.support.cast import Cast

pytestmark = pytest.mark.slow
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture(autouse=True)
def s3(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Seven empty private buckets, and settings as PARLEY_STORAGE=s3 makes them."""
    from parley import settings as file

    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST"))
    client = boto3.client("s3", endpoint_url=server, region_name="us-east-1")
    with mock.patch.multiple(file, STORAGE_KIND="s3", S3_ENDPOINT=server, S3_PREFIX="parley-", S3_REGION="us-east-1"):
        made = {name: file._bucket(name) for name in settings.BUCKETS}
    for name in settings.BUCKETS:
        client.create_bucket(Bucket=f"parley-{name}")
    settings.STORAGE_KIND = "s3"
    settings.STORAGES = {**settings.STORAGES, **made}
    return client


def _fetch(url: str, **headers: str) -> tuple[int, bytes, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def _call(cast: Cast, days_ago: int = 0) -> Attempt:
    """A call as it runs and ends: segments in tmp, then one recording and two transcript files."""
    with acting_as(cast.ben.member):
        attempt, token = actions.start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes", mode="official")
    ended = timezone.now() - timedelta(days=days_ago)
    pcm = np.tile(np.array([3000, 4000], dtype="<i2"), (16_000, 1)).tobytes()
    said = Utterance(i=0, speaker="rep", start=0.0, end=2.0, text="What matters most to you?")
    with acting_as_service("a test holds a call"):
        actions.redeem_token(token)
        for second in range(3):
            recordings.keep_segment(attempt.pk, second, float(second), pcm)
        assert recordings.recorded_s(attempt.pk) == 3.0
        assert recordings.next_segment(attempt.pk) == 3
    record = CallRecord(
        attempt_id=attempt.pk,
        started_at=ended - timedelta(seconds=3),
        ended_at=ended,
        duration_s=3.0,
        end_reason="rep_ended",
        utterances=[said],
    )
    assert closing.close_call(attempt.pk, lambda _: record)
    return attempt


def _objects(s3: Any) -> set[str]:
    names = [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
    return {
        f"{name.removeprefix('parley-')}/{entry['Key']}"
        for name in names
        for entry in s3.list_objects_v2(Bucket=name).get("Contents", [])
    }


def test_a_call_goes_through_tmp_into_recording_and_transcripts(committed_cast: Cast, s3: Any) -> None:
    attempt = _call(committed_cast)
    folder = f"{attempt.org_id}/{attempt.pk}"
    assert _objects(s3) == {f"recordings/{folder}.flac", f"transcripts/{folder}.json", f"transcripts/{folder}.txt"}
    with acting_as(committed_cast.ben.member):
        url = sign_url("recordings", f"{folder}.flac", ttl_s=60)
    answer = Client().get(url)
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    status, sound, headers = _fetch(answer["Location"])
    assert (status, sound[:4], headers["Content-Type"]) == (200, b"fLaC", "audio/flac")
    assert headers["Cache-Control"] == "private, no-store"
    with acting_as_service("a test looks"):
        assert Recording.objects.get(attempt=attempt).bytes == len(sound)
    status, part, headers = _fetch(answer["Location"], Range="bytes=2-9")
    assert (status, part) == (206, sound[2:10])
    assert headers["Content-Range"] == f"bytes 2-9/{len(sound)}"
    assert _fetch(answer["Location"], Range="bytes=-3")[1] == sound[-3:]


def test_the_presigned_address_ends_when_the_signed_one_does(committed_cast: Cast) -> None:
    attempt = _call(committed_cast)
    with acting_as(committed_cast.ben.member):
        url = sign_url("transcripts", f"{attempt.org_id}/{attempt.pk}.txt", ttl_s=40)
    place = Client().get(url)["Location"]
    assert "X-Amz-Signature=" in place
    life_s = int(place.split("X-Amz-Expires=")[1].split("&")[0])
    assert 30 <= life_s <= 40
    assert _fetch(place)[1] == b"[00:00] Rep: What matters most to you?"
    assert Client().get(url.replace("signature=", "signature=0")).status_code == 403
    assert Client().get(url.replace(".txt", ".json")).status_code == 403


def test_nothing_is_public(committed_cast: Cast, s3: Any, settings: Any) -> None:
    _call(committed_cast)
    bucket("tmp").save("x", ContentFile(b"x"))
    seen = 0
    for name in settings.BUCKETS:
        for key in [entry["Key"] for entry in s3.list_objects_v2(Bucket=f"parley-{name}").get("Contents", [])]:
            grants = s3.get_object_acl(Bucket=f"parley-{name}", Key=key)["Grants"]
            assert not [grant for grant in grants if "URI" in grant["Grantee"]], "an object is granted to a group"
            seen += 1
        assert "X-Amz-Signature=" in bucket(name).url("x"), "every address is presigned"
    assert seen == 4


def test_a_lost_object_is_no_error_of_ours(committed_cast: Cast) -> None:
    attempt = _call(committed_cast)
    path = f"{attempt.org_id}/{attempt.pk}.flac"
    bucket("recordings").delete(path)
    with acting_as(committed_cast.ben.member):
        url = sign_url("recordings", path)
    assert Client().get(url).status_code == 404


def test_retention_deletes_the_objects(committed_cast: Cast, s3: Any) -> None:
    old, recent = _call(committed_cast, days_ago=400), _call(committed_cast)
    assert retention.forget_old_words() == 1
    assert {name.split("/")[2].split(".")[0] for name in _objects(s3)} == {str(recent.pk)}
    with acting_as_service("a test looks"):
        assert not Transcript.objects.filter(attempt=old).exists()


def test_a_person_takes_their_data_along_and_is_forgotten(committed_cast: Cast, s3: Any) -> None:
    attempt = _call(committed_cast)
    ben = committed_cast.ben
    with acting_as(ben.member):
        path = export_person(ben.member)
        url = sign_url("exports", path)
    archive = zipfile.ZipFile(io.BytesIO(_fetch(Client().get(url)["Location"])[1]))
    assert archive.read(f"recordings/{attempt.pk}.flac")[:4] == b"fLaC"
    assert "What matters most" in json.dumps(json.loads(archive.read("transcripts.json")))
    with acting_as(committed_cast.omar.member):
        assert erase_person(ben.user.pk)
    assert _objects(s3) == set()


def test_tmp_is_emptied_of_what_is_old(committed_db: None, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket("tmp").save(f"calls/{uuid.uuid4()}/000000-0.pcm", ContentFile(b"old"))
    assert retention.clean_tmp() == 0
    monkeypatch.setattr(retention, "TMP_HOURS", -1)
    assert retention.clean_tmp() == 1
    assert _objects(s3) == set()


def test_the_same_limits_hold_and_a_name_written_again_replaces(s3: Any) -> None:
    path = f"{uuid.uuid4()}/{uuid.uuid4()}.json"
    with pytest.raises(Unfit, match="by its content no JSON"):
        bucket("transcripts").save(path, ContentFile(b"MZ"))
    for text in (b"[1]", b"[2]"):
        assert bucket("transcripts").save(path, ContentFile(text)) == path
    assert _objects(s3) == {f"transcripts/{path}"}
    with bucket("transcripts").open(path) as file:
        assert file.read() == b"[2]"
    assert bucket("transcripts").size(path) == 3
