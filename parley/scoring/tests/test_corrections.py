"""Managers override, reps dispute; both numbers stay visible and facts follow."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from parley.calls.models import Attempt, Words
from parley.core.models import AuditEntry, Event
from parley.core.tenancy import acting_as, acting_as_service
from parley.scoring import queries
from parley.scoring.actions import write_feedback_again
from parley.scoring.corrections import actions
from parley.scoring.corrections.actions import CannotCorrect
from parley.scoring.models import Dispute, Override
from parley.scoring.tests.calls import GOOD, finished_call
from parley.scoring.tests.conftest import call_sql, write_facts
from parley.scoring.tests.test_scoring_an_attempt import browser, score
from tests.support.cast import Cast, Person

CAPPED = [*GOOD[:-2], ("r", 76.2, 84, "You are guaranteed to be approved, I promise you this rate."), GOOD[-1]]


def official(cast: Cast, turns: list[tuple[object, ...]] | None = None) -> Attempt:
    return score(finished_call(cast, turns, mode="official"))


def decide(attempt: Attempt, person: Person, criterion: str = "depth", share: float | None = 1.0) -> Attempt:
    with acting_as(person.member):
        actions.override_criterion(attempt, criterion, share=share, reason="He did ask.", by=person.member)
    return fresh(attempt)


def words_of(attempt: Attempt) -> dict[str, Any]:
    with acting_as_service("a test looks"):
        return Words.objects.get(pk=attempt.pk).feedback or {}


def fresh(attempt: Attempt) -> Attempt:
    with acting_as_service("a test looks"):
        return Attempt.objects.get(pk=attempt.pk)


def test_a_managers_share_counts_and_both_numbers_stay(cast: Cast) -> None:
    before = official(cast)
    after = decide(before, cast.ana)
    assert before.score_breakdown is not None
    assert after.score_breakdown is not None
    row = next(c for c in after.score_breakdown["criteria"] if c["id"] == "depth")
    assert (row["share"], row["computed"]["share"]) == (1, 0.75)
    assert after.score > before.score  # type: ignore[operator]
    assert after.score_breakdown["computed"]["total"] == float(before.score)  # type: ignore[arg-type]
    assert [entry["score"] for entry in after.score_history] == [float(before.score)]  # type: ignore[arg-type]
    for person in (cast.ben, cast.ana):
        page = browser(person).get(f"/attempts/{before.pk}/").content.decode()
        assert "Decided by a person" in page
        assert "He did ask." in page
        assert "Earlier scores of this call" in page


def test_it_is_logged_by_event_and_audit(cast: Cast) -> None:
    attempt = decide(official(cast), cast.ana)
    with acting_as_service("a test looks"):
        assert Event.objects.filter(event="criterion.overridden", actor_id=cast.ana.user.pk).count() == 1
        entry = AuditEntry.objects.get(table_name="criterion_overrides")
    assert entry.actor_id == cast.ana.user.pk
    assert entry.new is not None
    assert entry.new["reason"] == "He did ask."
    assert entry.new["attempt_id"] == str(attempt.pk)


@pytest.mark.slow
def test_deciding_the_same_again_changes_nothing_and_taking_it_back_restores(cast: Cast) -> None:
    before = official(cast)
    twice = decide(decide(before, cast.ana), cast.ana)
    assert len(twice.score_history) == 1
    back = decide(twice, cast.ana, share=None)
    assert back.score == before.score
    assert back.score_breakdown == before.score_breakdown
    assert len(back.score_history) == 2


def test_feedback_no_longer_asks_for_what_a_manager_gave(cast: Cast) -> None:
    attempt = official(cast, GOOD[:-4])
    tip = words_of(attempt)["try"]
    assert attempt.score_breakdown is not None
    for row in attempt.score_breakdown["criteria"]:
        attempt = decide(attempt, cast.ana, row["id"], 1.0)
    with acting_as_service("a test is the worker"):
        assert write_feedback_again(attempt.pk) is not None
    assert tip is not None
    assert words_of(attempt)["try"] is None
    with acting_as_service("a test is the worker"):
        assert write_feedback_again(attempt.pk) is None


def test_facts_use_the_score_that_counts(cast: Cast) -> None:
    attempt = official(cast)
    assert write_facts() == 1
    after = decide(attempt, cast.ana, "opening", 0.0)
    assert write_facts() == 1
    with acting_as_service("a test looks"), connection.cursor() as cursor:
        cursor.execute("select score from fact_scenario_attempts where attempt_id = %s", [attempt.pk])
        assert cursor.fetchone() == (after.score,)


@pytest.mark.slow
def test_scoring_again_keeps_what_was_decided(cast: Cast) -> None:
    decided = decide(official(cast), cast.ana)
    assert score(decided).score_breakdown == decided.score_breakdown


def test_a_false_alarm_is_lifted_and_the_cap_gone(cast: Cast) -> None:
    capped = official(cast, CAPPED)
    assert capped.score == 59
    assert capped.score_breakdown is not None
    gate = capped.score_breakdown["capped_by"]
    lifted = decide(capped, cast.ana, f"gate:{gate}", 1.0)
    assert lifted.score > 59  # type: ignore[operator]
    page = browser(cast.ben).get(f"/attempts/{capped.pk}/").content.decode()
    assert "Cap lifted" in page
    assert "Lifted by a person" in page


@pytest.mark.parametrize("who", ["ben", "hana", "dan"])
def test_others_may_not_override(cast: Cast, who: str) -> None:
    attempt, person = official(cast), cast.people()[who]
    with acting_as(person.member), pytest.raises((CannotCorrect, Attempt.DoesNotExist)):
        actions.override_criterion(attempt, "depth", share=1, reason="x", by=person.member)


@pytest.mark.slow
def test_nobody_overrides_practice_or_what_could_not_be_judged(cast: Cast) -> None:
    practice = score(finished_call(cast))
    with acting_as(cast.ana.member), pytest.raises(Attempt.DoesNotExist):
        actions.override_criterion(practice, "depth", share=1, reason="x", by=cast.ana.member)
    quiet = official(cast, GOOD[:2])
    with acting_as(cast.ana.member), pytest.raises(CannotCorrect, match="enough to judge"):
        actions.override_criterion(quiet, "depth", share=1, reason="x", by=cast.ana.member)


def disputed(cast: Cast, attempt: Attempt, criterion: str = "depth") -> Dispute:
    with acting_as(cast.ben.member):
        return actions.open_dispute(attempt, criterion, reason="I asked at 0:42.", by=cast.ben.member)


def test_a_dispute_is_accepted_with_a_share(cast: Cast) -> None:
    attempt = official(cast)
    dispute = disputed(cast, attempt)
    with acting_as(cast.ana.member):
        actions.answer_dispute(dispute, accept=True, share=1.0, answer="You did.", by=cast.ana.member)
        with pytest.raises(CannotCorrect, match="no longer open"):
            actions.answer_dispute(dispute, accept=False, share=None, answer="No.", by=cast.ana.member)
        assert Dispute.objects.get(pk=dispute.pk).status == "accepted"
        assert Override.objects.get(attempt=attempt).reason == "You did."
    assert fresh(attempt).score > attempt.score  # type: ignore[operator]
    with acting_as_service("a test looks"):
        names = set(Event.objects.filter(subject_id=attempt.pk).values_list("event", flat=True))
    assert {"criterion.disputed", "dispute.answered", "criterion.overridden", "attempt.rescored"} <= names


def test_a_declined_or_withdrawn_dispute_leaves_the_score(cast: Cast) -> None:
    attempt = official(cast)
    dispute = disputed(cast, attempt)
    with acting_as(cast.ben.member), pytest.raises(CannotCorrect, match="already an open dispute"):
        actions.open_dispute(attempt, "depth", reason="Again.", by=cast.ben.member)
    with acting_as(cast.ana.member):
        actions.answer_dispute(dispute, accept=False, share=None, answer="Listen to 0:50.", by=cast.ana.member)
    other = disputed(cast, attempt, "opening")
    with acting_as(cast.ben.member):
        actions.withdraw_dispute(other, by=cast.ben.member)
    with acting_as(cast.ana.member), pytest.raises(CannotCorrect, match="no longer open"):
        actions.answer_dispute(other, accept=True, share=1.0, answer="Fine.", by=cast.ana.member)
    assert fresh(attempt).score == attempt.score
    page = browser(cast.ben).get(f"/attempts/{attempt.pk}/").content.decode()
    assert "Listen to 0:50." in page


@pytest.mark.slow
def test_the_rep_cannot_answer_nor_the_manager_dispute(cast: Cast) -> None:
    attempt = official(cast)
    dispute = disputed(cast, attempt)
    with acting_as(cast.ben.member), pytest.raises(CannotCorrect):
        actions.answer_dispute(dispute, accept=True, share=1.0, answer="Yes.", by=cast.ben.member)
    with acting_as(cast.ana.member), pytest.raises(CannotCorrect):
        actions.open_dispute(attempt, "opening", reason="x", by=cast.ana.member)


def test_hr_sees_that_a_part_was_decided_and_no_reason(cast: Cast) -> None:
    attempt = decide(official(cast), cast.ana)
    disputed(cast, attempt, "opening")
    with acting_as(cast.hana.member):
        review = queries.get_review(attempt.pk, cast.hana.member)
    assert review is not None
    assert review.score is not None
    assert review.score.decided == 1
    page = browser(cast.hana).get(f"/attempts/{attempt.pk}/").content.decode()
    assert "He did ask." not in page
    assert "I asked at 0:42." not in page


def test_the_whole_way_in_the_browser(cast: Cast) -> None:
    attempt = official(cast)
    rep, manager = browser(cast.ben), browser(cast.ana)
    address = f"/attempts/{attempt.pk}/criteria/depth/"
    assert "Send the dispute" in rep.get(address).content.decode()
    assert rep.post(address + "disputes/", {"reason": "I asked at 0:42."}).status_code == 302
    assert "I asked at 0:42." in manager.get("/disputes/").content.decode()
    with acting_as(cast.ana.member):
        dispute = Dispute.objects.get(attempt=attempt)
    answer = manager.post(f"{address}disputes/{dispute.pk}/accept/", {"share_percent": "140", "answer": "You did ask."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="140"' in page
    assert "You did ask." in page, "nothing that was typed is lost"
    accepted = manager.post(f"{address}disputes/{dispute.pk}/accept/", {"share_percent": "100", "answer": "You did."})
    assert accepted.status_code == 302
    assert "You did." in rep.get(address).content.decode()
    assert "No open disputes" in manager.get("/disputes/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("dan", 404), ("carla", 404), ("hana", 409), ("ben", 409)])
def test_an_address_gives_nobody_more_than_they_may(cast: Cast, who: str, status: int) -> None:
    attempt = official(cast)
    address = f"/attempts/{attempt.pk}/criteria/depth/override/"
    answer = browser(cast.people()[who]).post(address, {"share_percent": "100", "reason": "x"})
    assert answer.status_code == status
    assert fresh(attempt).score == attempt.score
    assert browser(cast.ana).get(f"/attempts/{attempt.pk}/criteria/charm/").status_code == 404


def test_trainees_have_no_list_of_disputes(cast: Cast) -> None:
    assert browser(cast.ben).get("/disputes/").status_code == 403


@pytest.mark.slow
def test_erasing_a_person_takes_their_disputes_along(cast: Cast) -> None:
    attempt = decide(official(cast), cast.ana)
    disputed(cast, attempt, "opening")
    with acting_as_service("a test erases"):
        assert call_sql("erase_user", cast.ben.user.pk)
        assert not Dispute.objects.exists()
        assert not Override.objects.exists()
        logged = AuditEntry.objects.filter(table_name__startswith="criterion_")
        assert all(entry.old is None and entry.new is None for entry in logged)


@pytest.mark.slow
def test_erasing_a_manager_keeps_what_they_decided(cast: Cast) -> None:
    attempt = decide(official(cast), cast.ana)
    with acting_as_service("a test erases"):
        assert call_sql("erase_user", cast.ana.user.pk)
        assert Override.objects.get(attempt=attempt).by_id is None
    assert "somebody who has left" in browser(cast.ben).get(f"/attempts/{attempt.pk}/").content.decode()
