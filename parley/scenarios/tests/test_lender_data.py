"""An organisation keeps its own dated figures, and calls are held by those of their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parley.core.models import AuditEntry
from parley.core.tenancy import acting_as, acting_as_service
from parley.scenarios import lender
from parley.scenarios.models import LenderFact
from parley.scenarios.queries import rubric_to_freeze
from tests.support.cast import Cast, Person

RATE = {"label": "30-year fixed", "rate_percent": "6.375", "apr_percent": "6.5", "note": ""}


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def _facts() -> list[LenderFact]:
    with acting_as_service("A test looks."):
        return list(LenderFact.objects.order_by("valid_from"))


def _day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_a_rate_is_added_and_calls_of_its_days_are_checked_against_it(cast: Cast) -> None:
    client = _client(cast.ana)
    assert client.post("/admin/lender/new/rate/", {**RATE, "valid_from": _day(-1).isoformat()}).status_code == 302
    (fact,) = _facts()
    assert (fact.key, fact.value) == ("30-year-fixed", {"rate_percent": 6.375, "apr_percent": 6.5})
    with acting_as(cast.ben.member):
        assert rubric_to_freeze(cast.scenario, _day(0))["lender"]["rates"] == [6.375]
        assert rubric_to_freeze(cast.scenario, _day(-2))["lender"] is None
    with acting_as(cast.omar.member):
        assert AuditEntry.objects.filter(table_name="lender_facts").get().actor_id == cast.ana.user.pk
    assert "checked against 1 rate and 0 limits" in client.get("/admin/lender/").content.decode()


def test_a_newer_row_takes_over_and_history_shows_until_when(cast: Cast) -> None:
    client = _client(cast.omar)
    client.post("/admin/lender/new/rate/", {**RATE, "valid_from": _day(-30).isoformat()})
    (first,) = _facts()
    path = f"/admin/lender/new/rate/?after={first.pk}"
    assert "6.375" in client.get(path).content.decode()
    client.post(
        path, {**RATE, "label": "30-year fixed, new", "rate_percent": "6.25", "valid_from": _day(-1).isoformat()}
    )
    with acting_as(cast.omar.member):
        newest, oldest = lender.history(first)
        assert (newest.state, oldest.state, oldest.until) == ("stands", "ended", _day(-2))
        assert rubric_to_freeze(cast.scenario, _day(0))["lender"]["rates"] == [6.25]
        assert [line.fact.value["rate_percent"] for line in lender.lines()["rate"]] == [6.25]


def test_a_figure_ends_and_is_not_checked_any_more(cast: Cast) -> None:
    client = _client(cast.omar)
    values = {"label": "Conforming", "amount": "832750", "valid_from": _day(-5).isoformat()}
    client.post("/admin/lender/new/limit/", values)
    (fact,) = _facts()
    assert fact.value == {"amount": 832750}
    client.post(f"/admin/lender/{fact.pk}/end/", {"last_day": _day(-9).isoformat()})
    client.post(f"/admin/lender/{fact.pk}/end/", {"last_day": "soon"})
    assert _facts()[0].valid_until is None
    client.post(f"/admin/lender/{fact.pk}/end/", {"last_day": _day(-1).isoformat()})
    with acting_as(cast.omar.member):
        assert rubric_to_freeze(cast.scenario, _day(0))["lender"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rate_percent": "637.5"}, "30"),
        ({"rate_percent": ""}, "required"),
        ({"apr_percent": "2"}, "far below"),
        ({"valid_from": "1850-01-01"}, "1850-01-01"),
        ({"valid_until": "2020-01-01"}, "before the first day"),
        ({"label": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast: Cast, change: dict[str, str], words: str) -> None:
    values = {**RATE, "valid_from": _day(0).isoformat(), "note": "Sheet of the morning", **change}
    answer = _client(cast.omar).post("/admin/lender/new/rate/", values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Sheet of the morning" in answer.content.decode()
    assert _facts() == []


def test_the_same_name_on_the_same_day_is_refused_and_a_mistake_corrected(cast: Cast) -> None:
    client = _client(cast.omar)
    for _ in range(2):
        answer = client.post("/admin/lender/new/rate/", {**RATE, "valid_from": _day(0).isoformat()})
    assert "already" in answer.content.decode()
    (fact,) = _facts()
    client.post(f"/admin/lender/{fact.pk}/", {**RATE, "rate_percent": "6.4", "valid_from": _day(0).isoformat()})
    assert _facts()[0].value["rate_percent"] == 6.4


def test_hr_reads_reps_do_not_and_others_find_nothing(cast: Cast) -> None:
    _client(cast.omar).post("/admin/lender/new/rate/", {**RATE, "valid_from": _day(0).isoformat()})
    (fact,) = _facts()
    hana = _client(cast.hana)
    assert "30-year fixed" in hana.get("/admin/lender/").content.decode()
    assert hana.get(f"/admin/lender/{fact.pk}/").status_code == 403
    assert _client(cast.ben).get("/admin/lender/").status_code == 403
    assert _client(cast.carla).get(f"/admin/lender/{fact.pk}/").status_code == 404
    assert _client(cast.omar).get("/admin/lender/new/nonsense/").status_code == 404
