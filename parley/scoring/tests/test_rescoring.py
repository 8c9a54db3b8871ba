"""History is scored again only after somebody saw who would move and why; nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection
from typer.testing import CliRunner

from parley.calls.models import Attempt, Words
from parley.core.models import AuditEntry, Event
from parley.core.tenancy import acting_as, acting_as_service
from parley.scenarios.actions import publish_file
from parley.scenarios.models import Scenario
from parley.scenarios.pack import load_packs
from parley.scoring.corrections.actions import override_criterion
from parley.scoring.jobs import rescore_job
from parley.scoring.models import Rescore
from parley.scoring.rescoring import actions, queries
from parley.scoring.tests.calls import GOOD, finished_call
from parley.scoring.tests.conftest import write_facts
from parley.scoring.tests.test_scoring_an_attempt import browser, score
from tests.support.cast import Cast

POOR = [GOOD[0], GOOD[1], ("r", 11, 30, "We are a great lender with many happy people, and our app is easy. " * 3)]


def next_version(cast: Cast, *, status: str = "published", **change: Any) -> Scenario:
    """The first scenario with other weights, or whatever `change` says, as its next version."""
    data = load_packs()[0].model_dump() | {"version": 9} | change
    if not change:
        data["rubric"] = {"base": "mortgage-default", "pass_mark": 50, "weights": {"depth": 60, "delivery": 0}}
    with acting_as_service("a test publishes"):
        row, _ = publish_file(cast.scenario.org, type(load_packs()[0]).model_validate(data))
    assert row.version == 2
    return row


def fresh(attempt: Attempt) -> Attempt:
    with acting_as_service("a test looks"):
        return Attempt.objects.get(pk=attempt.pk)


def apply(target: Scenario, cast: Cast, *, measure_again: bool = False) -> Rescore:
    with acting_as(cast.omar.member):
        run = actions.ask_rescore(target, by=cast.omar.member, measure_again=measure_again)
    return actions.run_rescore(run.pk)


def test_the_preview_names_who_moves_and_why_and_changes_nothing(cast: Cast) -> None:
    good, poor = score(finished_call(cast, mode="official")), score(finished_call(cast, POOR, mode="official"))
    target = next_version(cast)
    with acting_as(cast.omar.member):
        shown = queries.preview(target)
    assert (shown.attempts, shown.moved, shown.kept) == (2, 2, 0)
    assert {row.rep_name for row in shown.rows} == {"Ben"}
    assert {row.attempt_id for row in shown.rows} == {good.pk, poor.pk}
    assert all(row.label and row.why for row in shown.rows)
    assert sum(n for _, n in shown.explained_by) == 2
    assert fresh(good).score == good.score
    assert fresh(good).score_history == []


def test_it_does_what_the_preview_showed_and_keeps_the_earlier_score(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    target = next_version(cast)
    with acting_as(cast.omar.member):
        shown = queries.preview(target)
    run = apply(target, cast)
    after = fresh(attempt)
    assert (run.status, run.attempts, run.moved) == ("done", 1, 1)
    assert (run.newly_passed, run.newly_failed) == (shown.newly_passed, shown.newly_failed)
    assert float(after.score) == shown.rows[0].after  # type: ignore[arg-type]
    assert after.rubric == target.rubric
    assert after.versions["rubric_from"] == 2
    entry = after.score_history[0]
    assert (entry["cause"], entry["score"], entry["scenario_version"]) == ("rescore", float(attempt.score), 1)  # type: ignore[arg-type]
    page = browser(cast.ben).get(f"/attempts/{attempt.pk}/").content.decode()
    assert "Scored again by another version of the rubric, by Omar" in page


@pytest.mark.slow
def test_twice_changes_nothing_more_and_back_is_possible(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    target = next_version(cast)
    apply(target, cast)
    once = fresh(attempt)
    again = apply(target, cast)
    assert (again.attempts, again.moved) == (0, 0)
    assert fresh(attempt).scored_at == once.scored_at
    same = apply(target, cast, measure_again=True)
    assert (same.attempts, same.moved) == (1, 0)
    assert fresh(attempt).score_history == once.score_history
    apply(cast.scenario, cast)
    assert fresh(attempt).score == attempt.score
    assert fresh(attempt).rubric == attempt.rubric


def test_it_is_logged_and_facts_follow(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    write_facts()
    run = apply(next_version(cast), cast)
    assert write_facts() == 1
    with acting_as_service("a test looks"), connection.cursor() as cursor:
        event = Event.objects.get(event="scenario.rescored")
        assert (event.actor_id, event.data["moved"]) == (cast.omar.user.pk, 1)
        assert AuditEntry.objects.filter(table_name="rescores", row_id=str(run.pk)).count() >= 2
        cursor.execute("select score from fact_scenario_attempts where attempt_id = %s", [attempt.pk])
        assert cursor.fetchone() == (fresh(attempt).score,)


def test_words_are_read_again_only_where_the_rubric_listens_for_something_else(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    must = [*load_packs()[0].model_dump()["must"], {"id": "dog", "label": "Names the dog", "say": ["labrador"]}]
    target = next_version(cast, must=must)
    with acting_as(cast.omar.member):
        (moved,) = queries.preview(target).rows
    assert moved.label == "Product accuracy and tailoring"
    assert "instead of" in moved.why
    with acting_as_service("a test forgets"), connection.cursor() as cursor:
        cursor.execute("select forget_words(%s)", [[attempt.pk]])
    with acting_as(cast.omar.member):
        assert queries.preview(target).kept == 1
    assert apply(target, cast).kept == 1
    assert fresh(attempt).score == attempt.score


@pytest.mark.slow
def test_other_weights_hold_for_calls_whose_words_are_forgotten(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    with acting_as_service("a test forgets"), connection.cursor() as cursor:
        cursor.execute("select forget_words(%s)", [[attempt.pk]])
    assert apply(next_version(cast), cast).moved == 1


@pytest.mark.slow
def test_what_a_manager_decided_goes_on_counting(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    with acting_as(cast.ana.member):
        override_criterion(attempt, "depth", share=0.0, reason="No.", by=cast.ana.member)
    apply(next_version(cast), cast)
    breakdown = fresh(attempt).score_breakdown
    assert breakdown is not None
    assert next(c for c in breakdown["criteria"] if c["id"] == "depth")["share"] == 0


@pytest.mark.slow
def test_practice_is_counted_and_never_named(cast: Cast) -> None:
    practice = score(finished_call(cast))
    target = next_version(cast)
    with acting_as(cast.omar.member):
        shown = queries.preview(target)
    assert (shown.practice, shown.practice_moved, shown.rows) == (1, 1, [])
    apply(target, cast)
    assert fresh(practice).score != practice.score


@pytest.mark.slow
def test_a_draft_is_shown_and_not_applied(cast: Cast) -> None:
    score(finished_call(cast, mode="official"))
    target = next_version(cast)
    with acting_as_service("a test makes a draft"):
        draft = Scenario.objects.get(pk=target.pk)
        draft.pk, draft.version, draft.status = None, 3, "draft"
        draft.save(force_insert=True)
    client = browser(cast.omar)
    page = client.get(f"/scenarios/{target.key}/rescore/?version=3").content.decode()
    assert "What version 3 would change" in page
    assert "Publish it to apply it" in page
    assert client.post(f"/scenarios/{target.key}/rescore/", {"version": "3"}).status_code == 409


def test_the_rubric_cannot_be_changed_behind_the_history(cast: Cast) -> None:
    attempt = score(finished_call(cast))
    with pytest.raises(DatabaseError, match="frozen"), acting_as_service("a test forges"):
        Attempt.objects.filter(pk=attempt.pk).update(rubric={"criteria": []})


def test_the_whole_way_in_the_browser(cast: Cast) -> None:
    score(finished_call(cast, mode="official"))
    target = next_version(cast)
    client = browser(cast.omar)
    address = f"/scenarios/{target.key}/rescore/"
    assert "Re-score earlier calls" in client.get(f"/scenarios/{target.key}/").content.decode()
    page = client.get(f"{address}?version=2").content.decode()
    assert "Apply version 2 to 1 call" in page
    answer = client.post(address, {"version": "2", "expected_s": "0.2"})
    assert answer.status_code == 302
    assert "Waiting for a worker" in client.get(answer["Location"]).content.decode()
    assert client.post(address, {"version": "2"}).status_code == 409, "one run at a time"
    rescore_job(rescore_id=answer["Location"].split("/")[2])
    assert "Done" in client.get(answer["Location"]).content.decode()
    assert (
        "Nothing: every scored call counts by this version already."
        in client.get(f"{address}?version=2").content.decode()
    )
    assert client.get(f"{address}?version=77").status_code == 404
    assert client.get(f"{address}?version=x").status_code == 404
    for person in (cast.ana, cast.ben, cast.hana):
        assert browser(person).get(address).status_code == 403
    assert browser(cast.carla).get(answer["Location"]).status_code == 404


def test_what_goes_wrong_is_said_and_changes_nothing(cast: Cast) -> None:
    attempt = score(finished_call(cast, mode="official"))
    target = next_version(cast)
    with acting_as(cast.omar.member):
        run = actions.ask_rescore(target, by=cast.omar.member, measure_again=True)
    with acting_as_service("a test spoils a transcript"), connection.cursor() as cursor:
        cursor.execute('update attempt_transcripts set transcript = \'[{"speaker": "parrot"}]\'')
    with pytest.raises(DatabaseError):
        actions.run_rescore(run.pk)
    with acting_as(cast.omar.member):
        run = Rescore.objects.get(pk=run.pk)
    assert run.status == "failed"
    assert "parrot" in run.problem or "transcript" in run.problem
    assert fresh(attempt).score == attempt.score


def test_the_command_shows_and_applies(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    from parley.commands import rescore

    monkeypatch.setattr(rescore, "local_django", lambda data: nullcontext())
    attempt = score(finished_call(cast, mode="official"))
    target = next_version(cast)
    run = CliRunner().invoke
    unclear = run(rescore.app, ["--scenario", "S99"])
    assert (unclear.exit_code, "No organisation has" in unclear.stderr) == (2, True)
    two = run(rescore.app, ["--scenario", target.key, "--org", "nowhere"])
    assert (two.exit_code, "rival, summit" in two.stderr) == (2, True)
    shown = run(rescore.app, ["--scenario", target.code, "--org", "summit"])
    assert "Nothing was changed; --apply does it." in shown.stdout
    applied = run(rescore.app, ["--scenario", target.code, "--org", "summit", "--apply", "--json"])
    found = json.loads(applied.stdout)
    assert (found["applied"], found["moved"], found["version"]) == (True, 1, 2)
    assert found["rows"][0]["after"] == float(fresh(attempt).score)  # type: ignore[arg-type]


def feedback_of(attempt: Attempt) -> dict[str, Any]:
    with acting_as_service("a test looks"):
        return Words.objects.get(pk=attempt.pk).feedback or {}


def test_feedback_follows_the_score(cast: Cast) -> None:
    attempt = score(finished_call(cast, POOR, mode="official"))
    written = feedback_of(attempt)
    run = apply(next_version(cast), cast)
    assert actions.write_feedback_of(run.pk) == 1
    again = feedback_of(attempt)
    assert again["writer"] == written["writer"]
    assert again["summary"] != written["summary"]
    assert actions.write_feedback_of(run.pk) == 0


def test_a_models_feedback_stays_with_a_note_when_history_is_scored_again(cast: Cast) -> None:
    attempt = score(finished_call(cast, POOR, mode="official"))
    with acting_as_service("a test has a model write"):
        Attempt.objects.filter(pk=attempt.pk).update(feedback={**feedback_of(attempt), "writer": "llm:some"})
    written = feedback_of(attempt)
    run = apply(next_version(cast), cast)
    assert actions.write_feedback_of(run.pk) == 1
    assert feedback_of(attempt) == {**written, "note": actions.SCORED_SINCE}
    assert actions.write_feedback_of(run.pk) == 0
