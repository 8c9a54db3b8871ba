"""A compliance officer stands behind a rule pack, or every page that shows its rules says that nobody does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from parley.core.models import Event
from parley.core.tenancy import acting_as
from parley.scenarios import approvals
from parley.scenarios.approvals import CannotApprove, approve_pack, withdraw_approval
from parley.scenarios.compliance import pack_for
from parley.scenarios.models import LenderFact, PackApproval
from parley.scenarios.queries import rubric_to_freeze
from tests.support.cast import Cast, Person

PACK = pack_for("mortgage")
assert PACK is not None
NEXT_YEAR = timezone.localdate() + timedelta(days=365)


def approve(person: Person, **changes: object) -> PackApproval:
    values = {"version": PACK.version, "officer": "Iris Vale, CCO", "valid_until": NEXT_YEAR, **changes}  # type: ignore[union-attr]
    return approve_pack("mortgage", by=person.member, **values)  # type: ignore[arg-type]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def test_an_admin_records_who_approved_and_until_when(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        row = approve(cast.omar)
        assert (row.pack, row.officer, row.valid_until, row.by_id) == (
            "mortgage", "Iris Vale, CCO", NEXT_YEAR, cast.omar.user.pk,
        )  # fmt: skip
        assert approvals.notice(cast.scenario.rubric) == ""
        event = Event.objects.get(event="pack.approved")
        assert (event.subject_id, event.actor_id, event.data["version"]) == (row.pk, cast.omar.user.pk, row.version)
        with connection.cursor() as cursor:
            cursor.execute("select actor_id from audit_log where table_name = 'pack_approvals' and action = 'insert'")
            assert cursor.fetchall() == [(cast.omar.user.pk,)]


def test_the_same_approval_again_changes_nothing(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        assert approve(cast.omar).pk == approve(cast.omar).pk
        assert PackApproval.objects.count() == 1


@pytest.mark.parametrize("who", ["ana", "ben", "hana"])
def test_nobody_but_an_admin_approves(cast: Cast, who: str) -> None:
    person = cast.people()[who]
    with acting_as(person.member):
        with pytest.raises(CannotApprove, match="Only an admin"):
            approve(person)
        row = PackApproval(
            org_id=person.user.org_id, pack="mortgage", version=1, officer="Me", valid_until=NEXT_YEAR, by=person.user
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)


def test_an_admin_does_not_sign_for_somebody_else_nor_rewrite_an_approval(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        row = approve(cast.omar)
        forged = PackApproval(
            org_id=row.org_id, pack="mortgage", version=1, officer="x", valid_until=NEXT_YEAR, by=cast.ana.user
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            forged.save(force_insert=True)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            PackApproval.objects.filter(pk=row.pk).update(valid_until=date(2099, 1, 1))
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            PackApproval.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": 99}, "Version 99 is not current"),
        ({"officer": " "}, "Name the compliance officer"),
        ({"valid_until": timezone.localdate()}, "out of range"),
        ({"valid_until": timezone.localdate() + timedelta(days=800)}, "out of range"),
    ],
)
def test_an_approval_that_means_nothing_is_refused(cast: Cast, changes: dict[str, object], says: str) -> None:
    with acting_as(cast.omar.member), pytest.raises(CannotApprove, match=says):
        approve(cast.omar, **changes)


def test_readers_are_told_until_it_is_approved_when_it_ends_and_when_it_is_withdrawn(cast: Cast) -> None:
    rubric = cast.scenario.rubric
    with acting_as(cast.ben.member):
        assert "has not approved" in approvals.notice(rubric)
    with acting_as(cast.omar.member):
        row = approve(cast.omar)
    with acting_as(cast.ben.member):
        assert approvals.notice(rubric) == ""
        assert "ended on" in approvals.notice(rubric, on=NEXT_YEAR + timedelta(days=1))
        other = {**rubric, "compliance_pack": {**rubric["compliance_pack"], "version": 7}}
        assert "another version" in approvals.notice(other)
    with acting_as(cast.omar.member):
        assert withdraw_approval(row.pk, by=cast.omar.member) is True
        assert withdraw_approval(row.pk, by=cast.omar.member) is False
        assert "has not approved" in approvals.notice(rubric)


def test_another_organisation_sees_and_withdraws_nothing(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        row = approve(cast.omar)
    with acting_as(cast.carla.member):
        assert approvals.history("mortgage") == []
        assert "has not approved" in approvals.notice(cast.scenario.rubric)
        assert withdraw_approval(row.pk, by=cast.carla.member) is False


def test_the_settings_page_approves_after_a_confirmation(cast: Cast) -> None:
    client = signed_in(cast.omar)
    assert "Not approved yet" in client.get("/settings/compliance/").content.decode()
    given = {"version": PACK.version, "officer": "Iris Vale, CCO", "valid_until": NEXT_YEAR.isoformat(), "note": ""}  # type: ignore[union-attr]
    refused = client.post("/settings/compliance/mortgage/approvals/", given)
    assert refused.status_code == 422
    assert "Tick the box" in refused.content.decode()
    assert "Iris Vale, CCO" in refused.content.decode(), "nothing typed is lost"
    done = client.post("/settings/compliance/mortgage/approvals/", {**given, "confirmed": "on"}, follow=True)
    assert "by Iris Vale, CCO until" in done.content.decode()
    with acting_as(cast.omar.member):
        row = PackApproval.objects.get()
    back = client.post(f"/settings/compliance/approvals/{row.pk}/withdrawal/", follow=True)
    assert "Not approved yet" in back.content.decode()


def test_hr_reads_the_page_and_changes_nothing_and_reps_do_not_see_it(cast: Cast) -> None:
    page = signed_in(cast.hana).get("/settings/compliance/").content.decode()
    assert "No guarantee of approval" in page
    assert "<form" not in page.split('id="main"')[1]
    given = {"version": 1, "officer": "Hana", "valid_until": NEXT_YEAR.isoformat(), "confirmed": "on"}
    assert signed_in(cast.hana).post("/settings/compliance/mortgage/approvals/", given).status_code == 422
    for who in (cast.ben, cast.ana):
        assert signed_in(who).get("/settings/compliance/").status_code == 403
    with acting_as(cast.omar.member):
        assert not PackApproval.objects.exists()


def test_a_scenario_says_that_its_rules_are_not_approved(cast: Cast) -> None:
    page = signed_in(cast.ben).get(f"/scenarios/{cast.scenario.key}/").content.decode()
    assert "has not approved the compliance rules" in page
    with acting_as(cast.omar.member):
        approve(cast.omar)
    assert "has not approved" not in signed_in(cast.ben).get(f"/scenarios/{cast.scenario.key}/").content.decode()


def test_a_call_is_held_by_the_organisations_figures_of_its_day(cast: Cast) -> None:
    today = timezone.localdate()
    with acting_as(cast.omar.member):
        for key, value, begins in (
            ("thirty", {"rate_percent": 6.5}, today - timedelta(days=9)),
            ("thirty", {"rate_percent": 6.375}, today - timedelta(days=1)),
            ("thirty", {"rate_percent": 6.0}, today + timedelta(days=1)),
        ):
            LenderFact.objects.create(
                org_id=cast.omar.user.org_id, kind="rate", key=key, label="30", value=value, valid_from=begins
            )
        LenderFact.objects.create(
            org_id=cast.omar.user.org_id,
            kind="limit",
            key="base",
            label="x",
            value={"amount": 832750},
            valid_from=today,
        )
        frozen = rubric_to_freeze(cast.scenario, today)
        assert frozen["lender"] == {"as_of": today.isoformat(), "rates": [6.375], "limits": [832750.0]}
        assert rubric_to_freeze(cast.scenario, today - timedelta(days=30))["lender"] is None
