"""The life of a call over /api/calls/*."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
from django.test import Client

from parley.accounts.actions import make_api_token
from parley.calls import actions, gates
from parley.calls.models import Attempt, Transcript
from parley.core.models import Event
from parley.core.tenancy import acting_as_service
from parley.voice.contracts import CallRefused
from tests.support.cast import Cast


def _post(client: Client, path: str, body: Any = None, **extra: Any) -> Any:
    return client.post(path, json.dumps(body or {}), content_type="application/json", **extra)


@pytest.fixture
def ben(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ben.identity)
    return client


@pytest.fixture
def started(ben: Client, cast: Cast) -> dict[str, Any]:
    answer = _post(ben, "/api/calls/start", {"scenario": cast.scenario.key, "consent": True, "seed": 7})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_it_starts_a_call_with_frozen_copies(started: dict[str, Any], cast: Cast) -> None:
    with acting_as_service("a test looks"):
        attempt = Attempt.objects.get(pk=started["attempt_id"])
    assert attempt.status == "created"
    assert attempt.brief["seed"] == 7
    assert attempt.rubric == cast.scenario.rubric
    assert attempt.versions["scenario"] == cast.scenario.version
    assert "recorded" in attempt.consent_text
    assert attempt.user_id == cast.ben.user.pk


def test_it_refuses_without_consent(ben: Client, cast: Cast) -> None:
    answer = _post(ben, "/api/calls/start", {"scenario": cast.scenario.key, "consent": False})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "consent"


def test_it_names_the_unknown_scenario_and_those_there_are(ben: Client, cast: Cast) -> None:
    answer = _post(ben, "/api/calls/start", {"scenario": "s99-nothing", "consent": True})
    assert answer.status_code == 404
    assert "s99-nothing" in answer.json()["error"]["message"]
    assert cast.scenario.key in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[]", b'"x"', b'{"scenario": 5, "consent": true}', b"[" * 100_000]
)
def test_it_answers_400_to_a_body_that_does_not_fit(ben: Client, body: bytes) -> None:
    answer = ben.post("/api/calls/start", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_a_gate_can_refuse_with_its_reason(ben: Client, cast: Cast) -> None:
    def closed(member: object, scenario: object) -> str:
        return "Finish the first scenario first."

    gates.register(closed)
    try:
        answer = _post(ben, "/api/calls/start", {"scenario": cast.scenario.key, "consent": True})
    finally:
        gates._gates.remove(closed)
    assert answer.status_code == 403
    assert answer.json()["error"]["message"] == "Finish the first scenario first."


def test_a_token_opens_the_call_once(started: dict[str, Any]) -> None:
    with acting_as_service("a test redeems"):
        brief = actions.redeem_token(started["token"])
        assert str(brief.attempt_id) == started["attempt_id"]
        assert brief.buyer.seed == 7
        assert Attempt.objects.get(pk=brief.attempt_id).status == "live"
        assert Event.objects.filter(event="call.started").count() == 1
        with pytest.raises(CallRefused) as refused:
            actions.redeem_token(started["token"])
    assert refused.value.code == "used"


def test_a_new_token_makes_the_older_one_worthless(ben: Client, started: dict[str, Any]) -> None:
    joined = _post(ben, started["join_url"]).json()
    with acting_as_service("a test redeems"):
        with pytest.raises(CallRefused):
            actions.redeem_token(started["token"])
        assert actions.redeem_token(joined["token"])


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "eyJhIjoxfQ:1abc:zzz", "é\x00"])
def test_a_forged_token_is_refused_with_a_sentence(db: None, token: str) -> None:
    with acting_as_service("a test redeems"), pytest.raises(CallRefused) as refused:
        actions.redeem_token(token)
    assert refused.value.code == "unknown"


def test_an_old_token_has_expired(started: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + settings.CALL_TOKEN_TTL_S + 5)
    with acting_as_service("a test redeems"), pytest.raises(CallRefused) as refused:
        actions.redeem_token(started["token"])
    assert refused.value.code == "expired"


def test_another_person_finds_nothing(started: dict[str, Any], cast: Cast) -> None:
    for who in ("dan", "carla", "omar"):
        client = Client()
        client.force_login(cast.people()[who].identity)
        assert _post(client, started["join_url"]).status_code == 404
        assert client.get(started["status_url"]).status_code == 404
        assert client.get(started["media_url"]).status_code == 404


def test_a_call_that_never_began_can_be_abandoned_and_again(ben: Client, started: dict[str, Any]) -> None:
    assert _post(ben, started["abandon_url"]).json()["status"] == "abandoned"
    assert _post(ben, started["abandon_url"]).json()["status"] == "abandoned"
    assert _post(ben, started["join_url"]).status_code == 409


def test_hanging_up_leaves_word_for_the_voice_process(ben: Client, started: dict[str, Any]) -> None:
    with acting_as_service("a test redeems"):
        brief = actions.redeem_token(started["token"])
        assert actions.beat(brief.attempt_id)
    assert _post(ben, started["end_url"]).json()["status"] == "live"
    with acting_as_service("a test listens"):
        assert not actions.beat(brief.attempt_id)


def test_a_typed_practice_closes_with_its_transcript(ben: Client, cast: Cast) -> None:
    started = _post(ben, "/api/calls/start", {"scenario": cast.scenario.key, "consent": True, "kind": "typed"}).json()
    assert started["brief"]["persona"]["name"]
    said = [{"i": 0, "speaker": "rep", "start": 0, "end": 2, "text": "Hi, this is Ben."}]
    answer = _post(ben, f"/api/calls/{started['attempt_id']}/transcript", {"utterances": said})
    assert answer.status_code == 200, answer.content
    again = _post(ben, f"/api/calls/{started['attempt_id']}/transcript", {"utterances": said})
    assert again.status_code == 409
    with acting_as_service("a test looks"):
        row = Transcript.objects.get(pk=started["attempt_id"])
        assert row.transcript[0]["source"] == "typed"
        assert Event.objects.filter(event="call.finished", subject_id=started["attempt_id"]).count() == 1


def test_only_a_spoken_call_can_be_joined(ben: Client, cast: Cast) -> None:
    typed = _post(ben, "/api/calls/start", {"scenario": cast.scenario.key, "consent": True, "kind": "typed"}).json()
    answer = _post(ben, f"/api/calls/{typed['attempt_id']}/join")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "not_spoken"


def test_a_spoken_call_takes_no_typed_transcript(ben: Client, started: dict[str, Any]) -> None:
    answer = _post(ben, f"/api/calls/{started['attempt_id']}/transcript", {"utterances": []})
    assert answer.status_code == 409


def test_an_api_token_works_without_cookies(cast: Cast) -> None:
    with acting_as_service("a test makes a key"):
        token = make_api_token(cast.ben.identity, name="laptop")
    body = {"scenario": cast.scenario.key, "consent": True}
    client = Client(enforce_csrf_checks=True)
    assert _post(client, "/api/calls/start", body).status_code in (401, 403)
    assert _post(client, "/api/calls/start", body, headers={"Authorization": f"Bearer {token}"}).status_code == 201
    assert _post(client, "/api/calls/start", body, headers={"Authorization": "Bearer nonsense"}).status_code in (
        401,
        403,
    )


def test_a_cookie_needs_the_csrf_header(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ben.identity)
    assert _post(client, "/api/calls/start", {"scenario": cast.scenario.key, "consent": True}).status_code == 403


def test_status_of_an_unknown_call_is_404(ben: Client) -> None:
    assert ben.get(f"/api/calls/{uuid.uuid4()}/status").status_code == 404
