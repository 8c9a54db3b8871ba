"""Words are kept as long as the organisation says, a person can take their data along, and can be forgotten."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections
from django.utils import timezone

from parley.accounts.actions import give_consent, withdraw_consent
from parley.accounts.models import Consent, Identity, Org, User
from parley.calls import gates, retention
from parley.calls.models import Attempt, Recording, Transcript
from parley.calls.queries import with_words
from parley.core.storage import bucket
from parley.core.tenancy import acting_as, acting_as_service
from parley.reporting import actions
from parley.reporting.models import FactAttempt
from parley.reporting.privacy import erase_person, export_person
from tests.support.cast import Cast

SAID = "What matters most to you is the monthly payment"


@pytest.fixture(autouse=True)
def _own_buckets(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            name: {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in settings.BUCKETS
        },
    }


def _scored_call(cast: Cast, who: str = "ben", days_ago: int = 0, mode: str = "official") -> Attempt:
    person = cast.people()[who]
    at = timezone.now() - timedelta(days=days_ago)
    with acting_as_service("a test writes a call"):
        attempt = Attempt.objects.create(
            org_id=person.user.org_id,
            user=person.user,
            scenario=cast.scenario,
            mode=mode,
            status="ended",
            seed=1,
            brief={},
            rubric=cast.scenario.rubric,
            time_limit_s=900,
            consent_text="yes",
            consented_at=at,
            started_at=at,
            ended_at=at,
            duration_s=60,
        )
        evidence = [{"i": 0, "quote": SAID, "start_ms": 1, "end_ms": 2}]
        Attempt.objects.filter(pk=attempt.pk).update(
            status="scored",
            scored_at=at,
            score=81,
            kpis={"talk_ratio": 0.5, "evidence": {"question_count": evidence}},
            score_breakdown={"total": 81, "passed": True, "criteria": [{"id": "discovery", "evidence": evidence}]},
            feedback={
                "summary": f"Good: “{SAID}”.",
                "quotes": evidence,
                "strengths": [SAID],
                "try": None,
                "next_step": "Go on.",
            },
        )
        said = [{"i": 0, "speaker": "rep", "start": 0, "end": 2, "text": SAID}]
        path = f"{attempt.org_id}/{attempt.pk}"
        Transcript.objects.create(attempt=attempt, org_id=attempt.org_id, transcript=said, path=f"{path}.json")
        Recording.objects.create(attempt=attempt, org_id=attempt.org_id, path=f"{path}.flac", duration_s=2, bytes=7)
        bucket("transcripts").save(f"{path}.json", ContentFile(json.dumps(said).encode()))
        bucket("transcripts").save(f"{path}.txt", ContentFile(SAID.encode()))
        bucket("recordings").save(f"{path}.flac", ContentFile(b"fLaCabc"))
        attempt.refresh_from_db()
    return attempt


def _everything_written() -> str:
    """All rows of all tables but the scenario library, as one text."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' and tablename not in ('scenarios')")
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'select string_agg(t::text, chr(10)) from "{table}" t')
            texts.append(str(cursor.fetchone()))
    return "\n".join(texts)


def test_words_end_after_the_organisations_days_and_numbers_stay(committed_cast: Cast) -> None:
    old = _scored_call(committed_cast, days_ago=400)
    with acting_as_service("a test writes facts"):
        actions.write_facts()
    assert retention.forget_old_words() == 1
    assert retention.forget_old_words() == 0
    assert SAID not in _everything_written()
    assert not bucket("recordings").exists(f"{old.org_id}/{old.pk}.flac")
    assert not bucket("transcripts").exists(f"{old.org_id}/{old.pk}.txt")
    with acting_as_service("a test looks"):
        old = with_words(Attempt.objects.get(pk=old.pk))
        assert old.score == 81
        assert old.kpis is not None
        assert old.feedback is not None
        assert (old.kpis["talk_ratio"], old.feedback["summary"]) == (0.5, "Good: “…”.")
        assert FactAttempt.objects.get(pk=old.pk).score == 81


def test_newer_words_and_other_organisations_longer_days_are_left_alone(committed_cast: Cast) -> None:
    recent = _scored_call(committed_cast, days_ago=10)
    old = _scored_call(committed_cast, days_ago=400)
    with acting_as_service("a test sets days"):
        Org.objects.filter(pk=old.org_id).update(retention_days=1000)
    assert retention.forget_old_words() == 0
    with acting_as_service("a test looks"):
        assert Transcript.objects.filter(pk__in=(recent.pk, old.pk)).count() == 2


def test_a_person_takes_their_data_along(committed_cast: Cast) -> None:
    attempt = _scored_call(committed_cast)
    _scored_call(committed_cast, who="dan")
    with acting_as(committed_cast.ben.member):
        give_consent(by=committed_cast.ben.member)
        path = export_person(committed_cast.ben.member)
    with bucket("exports").open(path) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    assert archive.read(f"recordings/{attempt.pk}.flac") == b"fLaCabc"
    assert [row["id"] for row in json.loads(archive.read("attempts.json"))] == [str(attempt.pk)]
    assert json.loads(archive.read("transcripts.json"))[0]["transcript"][0]["text"] == SAID
    assert json.loads(archive.read("profile.json"))[0]["email"] == committed_cast.ben.user.email
    assert len(json.loads(archive.read("consents.json"))) == 2


def test_a_person_is_forgotten_and_facts_stay_without_them(committed_cast: Cast) -> None:
    attempt = _scored_call(committed_cast)
    ben = committed_cast.ben
    with acting_as(ben.member):
        give_consent(by=ben.member)
        User.objects.filter(pk=ben.user.pk).update(bio="Likes mountains")
    with acting_as_service("a test writes facts"):
        actions.write_facts()
    with acting_as(committed_cast.omar.member):
        assert erase_person(ben.user.pk)
        assert not erase_person(ben.user.pk)
    with acting_as_service("a test looks"):
        fact = FactAttempt.objects.get(pk=attempt.pk)
        assert (fact.user_id, fact.user_key) == (None, None)
        assert fact.score == 81
        assert not Identity.objects.filter(pk=ben.identity.pk).exists()
        actions.refresh_reporting()
    left = _everything_written()
    for known in (ben.user.email, "Likes mountains", SAID, str(ben.identity.pk)):
        assert known not in left, known
    assert not bucket("recordings").exists(f"{attempt.org_id}/{attempt.pk}.flac")


@pytest.mark.parametrize("who", ["ben", "ana", "hana", "carla"])
def test_only_an_admin_of_the_organisation_may_erase(committed_cast: Cast, who: str) -> None:
    with (
        pytest.raises(Exception, match="only an admin"),
        acting_as(committed_cast.people()[who].member),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("select erase_user(%s)", [committed_cast.dan.user.pk])
    with acting_as_service("a test looks"):
        assert User.objects.filter(pk=committed_cast.dan.user.pk).exists()


def test_consent_has_versions_and_can_be_withdrawn(committed_cast: Cast) -> None:
    ben = committed_cast.ben.member
    with acting_as(ben):
        assert [row.version for row in give_consent(by=ben)] == [1, 1]
        give_consent(by=ben)
        assert Consent.objects.count() == 2
        assert gates.consent_stands(ben, committed_cast.scenario) is None
    with acting_as(committed_cast.omar.member):
        Org.objects.filter(pk=ben.org_id).update(recording_consent_text="Another text.")
    with acting_as(ben):
        assert {row.version for row in give_consent(by=ben)} == {2}
        assert Consent.objects.count() == 4
        assert withdraw_consent(by=ben) == 2
        assert "withdrew" in (gates.consent_stands(ben, committed_cast.scenario) or "")
        give_consent(by=ben)
        assert gates.consent_stands(ben, committed_cast.scenario) is None


def test_tmp_is_emptied_of_what_is_old(committed_db: None, tmp_path: Path) -> None:
    import os

    bucket("tmp").save(f"calls/{uuid.uuid4()}/a.pcm", ContentFile(b"old"))
    bucket("tmp").save("new.pcm", ContentFile(b"new"))
    old = next((tmp_path / "tmp" / "calls").rglob("*.pcm"))
    os.utime(old, (1, 1))
    assert retention.clean_tmp() == 1
    assert bucket("tmp").exists("new.pcm")
