"""Mails go to those who want them, in their morning, over a real mail server, and say no more than they may read."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Inbox
from django.test import Client
from django.utils import timezone

from parley.accounts.actions.people import deactivate_user
from parley.accounts.models import Team, User
from parley.accounts.notices import stop_token
from parley.core.tenancy import acting_as, acting_as_service
from parley.reporting import actions as facts
from parley.reporting import erasures, notices
from parley.reporting.tests.test_privacy import _scored_call
from parley.scoring import notices as of_scores
from parley.scoring.corrections.actions import answer_dispute, override_criterion
from parley.scoring.tests.test_corrections import disputed, official
from parley.training import notices as of_training
from parley.training.actions import assign
from tests.support.cast import Cast


@pytest.fixture(autouse=True)
def smtp(settings: Any) -> Iterator[list[Message]]:
    """A mail server on this machine, and what arrived."""
    arrived: list[Message] = []

    class Keeper(Inbox):
        def handle_message(self, message: Message) -> None:
            arrived.append(message)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Keeper(), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield arrived
    server.stop()


def _read(mail: Message) -> tuple[str, str]:
    """Text and HTML of a mail."""
    parts = email.message_from_bytes(bytes(mail), policy=email.policy.default).walk()
    found = {part.get_content_type(): part.get_content() for part in parts if not part.is_multipart()}
    return found["text/plain"], found["text/html"]


def _subject(mail: Message) -> str:
    return str(make_header(decode_header(str(mail["Subject"])))).strip()


def _set(user: User, **values: Any) -> None:
    with acting_as_service("A test changes a person."):
        User.objects.filter(pk=user.pk).update(**values)


def test_an_assignment_is_written_of_in_the_look_of_the_house(cast: Cast, smtp: list[Message]) -> None:
    with acting_as(cast.ana.member):
        due = timezone.now().astimezone(ZoneInfo("UTC")) + timedelta(days=5)
        team = Team.objects.get(name="Denver")
        row = assign(cast.scenario, to=team, by=cast.ana.member, due_at=due, note="Before <Friday>, please.")
    assert of_training.people_of(row.pk) == [cast.ben.user.pk]
    assert of_training.tell_of_assignment(row.pk, cast.ben.user.pk)
    (mail,) = smtp
    text, html = _read(mail)
    assert (mail["To"], mail["Subject"]) == ("ben@summit.test", f"New for you: {cast.scenario.title}")
    assert "Ana has assigned" in text
    assert "Before <Friday>, please." in text
    assert "Before &lt;Friday&gt;, please." in html
    assert "/assignments/" in html
    assert "/settings/preferences/" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with acting_as(cast.ana.member):
        type(row).objects.filter(pk=row.pk).update(status="cancelled")
    assert of_training.people_of(row.pk) == []
    assert not of_training.tell_of_assignment(row.pk, cast.ben.user.pk)


def test_whoever_said_no_left_or_never_joined_gets_nothing(cast: Cast, smtp: list[Message]) -> None:
    attempt = official(cast)
    _set(cast.ben.user, notifications={"scored": False})
    assert not of_scores.tell_of_score(attempt.pk)
    _set(cast.ben.user, notifications={}, identity=None)
    assert not of_scores.tell_of_score(attempt.pk)
    _set(cast.ben.user, identity=cast.ben.identity)
    with acting_as(cast.omar.member):
        deactivate_user(cast.ben.user, by=cast.omar.member)
    assert not of_scores.tell_of_score(attempt.pk)
    assert smtp == []


def test_a_score_goes_to_the_rep_alone_and_quotes_nobody(cast: Cast, smtp: list[Message]) -> None:
    attempt = _scored_call(cast, mode="practice")
    assert of_scores.tell_of_score(attempt.pk)
    (mail,) = smtp
    text, html = _read(mail)
    assert mail["To"] == cast.ben.user.email
    assert "practice call" in text
    assert "81 of 100" in text
    assert f"/attempts/{attempt.pk}" in html
    assert "monthly payment" not in text + html


def test_a_changed_score_and_an_answered_dispute_are_one_mail_each(cast: Cast, smtp: list[Message]) -> None:
    attempt = official(cast)
    with acting_as(cast.ana.member):
        override_criterion(attempt, "depth", share=1.0, reason="I heard it.", by=cast.ana.member)
    assert of_scores.tell_of_change(attempt.pk, "depth", cast.ana.user.pk)
    assert "Ana has decided" in _read(smtp[0])[0]
    dispute = disputed(cast, attempt)
    with acting_as(cast.ana.member):
        answer_dispute(dispute, accept=True, share=0.9, answer="You are right.", by=cast.ana.member)
    assert not of_scores.tell_of_change(attempt.pk, "depth", cast.ana.user.pk)
    assert of_scores.tell_of_answer(attempt.pk, "depth")
    assert "was accepted" in _subject(smtp[1])
    assert len(smtp) == 2


def test_what_is_due_is_written_of_in_the_readers_morning(cast: Cast, smtp: list[Message]) -> None:
    _set(cast.ben.user, timezone="Asia/Tokyo")
    now = timezone.now()
    with acting_as(cast.ana.member):
        assign(cast.scenario, to=cast.ben.user, by=cast.ana.member, due_at=now + timedelta(hours=30))
    tokyo = now.astimezone(ZoneInfo("Asia/Tokyo"))
    morning = tokyo.replace(hour=notices.HOUR, minute=5)
    assert abs(morning - tokyo) < timedelta(days=1)
    assert cast.ben.user.pk in notices.whom_to_remind(morning) or morning - tokyo > timedelta(hours=30)
    assert notices.whom_to_remind(morning.replace(hour=notices.HOUR + 3)) == []
    assert notices.remind(cast.ben.user.pk)
    text, _ = _read(smtp[0])
    assert "is due soon" in _subject(smtp[0])
    assert cast.scenario.title in text
    assert not notices.remind(cast.dan.user.pk)


def test_a_lead_reads_how_the_team_did_and_nothing_of_private_practice(cast: Cast, smtp: list[Message]) -> None:
    _scored_call(cast, days_ago=1)
    _scored_call(cast, days_ago=1, mode="practice")
    _scored_call(cast, who="dan", days_ago=1)
    with acting_as_service("A test writes facts."):
        facts.write_facts()
    now = timezone.now().astimezone(ZoneInfo("America/New_York")).replace(hour=notices.HOUR)
    assert notices.whom_to_brief(now) == [cast.ana.user.pk]
    assert notices.brief(cast.ana.user.pk)
    text, _ = _read(smtp[0])
    assert "held 1 official call yesterday, 81 points on average" in text
    assert "Dan" not in text


def test_one_press_ends_mails_of_a_kind_and_looking_does_not(cast: Cast) -> None:
    path, client = f"/mails/stop/{stop_token(cast.ben.user, 'due')}/", Client(enforce_csrf_checks=True)
    assert "No more of these" in client.get(path).content.decode()
    with acting_as_service("A test looks."):
        assert User.objects.get(pk=cast.ben.user.pk).wants_mail("due")
    assert "no more of these mails" in client.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    with acting_as_service("A test looks."):
        ben = User.objects.get(pk=cast.ben.user.pk)
    assert (ben.wants_mail("due"), ben.wants_mail("scored")) == (False, True)
    assert client.post("/mails/stop/forged/").status_code == 404


def test_admins_hear_that_somebody_asks_to_be_erased(cast: Cast, smtp: list[Message]) -> None:
    with acting_as(cast.ben.member):
        row = erasures.ask_to_be_erased(by=cast.ben.member)
    assert notices.admins_to_tell(row.pk) == [cast.omar.user.pk]
    assert notices.tell_of_request(row.pk, cast.omar.user.pk)
    assert smtp[0]["Subject"] == "Ben asks to be erased"
    assert smtp[0]["List-Unsubscribe"] is None


def test_mails_of_the_sign_in_look_like_all_others(cast: Cast, smtp: list[Message]) -> None:
    Client().post("/accounts/password/reset/", {"email": cast.ben.user.email})
    (mail,) = smtp
    text, html = _read(mail)
    assert "[" not in mail["Subject"]
    assert "/accounts/password/reset/key/" in text
    assert '<a href="http' in html
    assert "example.com" not in text + html
