"""Admins and scenario authors prove scenarios on a page; a review has the exemplar call beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from parley.calls.actions import start_attempt
from parley.calls.models import Attempt
from parley.core.storage import bucket
from parley.core.tenancy import acting_as, acting_as_service
from parley.scenarios.models import Scenario
from parley.scoring import exemplars
from parley.scoring.evals import EvalRefused
from parley.scoring.evals.actions import ask_for_eval, run_eval
from parley.scoring.jobs import make_exemplar_job
from parley.scoring.models import Exemplar, ScenarioEval
from parley.scoring.tests.calls import finished_call
from parley.scoring.tests.test_scoring_an_attempt import browser, jobs_waiting, score
from tests.support.cast import Cast

JobsOf = Callable[[str], int]


def the_run() -> ScenarioEval:
    with acting_as_service("a test looks"):
        return ScenarioEval.objects.get()


def test_an_author_asks_once_and_sees_it_wait(cast: Cast) -> None:
    page = browser(cast.ana)
    for _ in range(2):
        answer = page.post(f"/evals/{cast.scenario.pk}/")
        assert answer["Location"] == "/evals/"
    assert the_run().status == "queued"
    shown = page.get("/evals/").content.decode()
    assert "waiting" in shown
    assert 'hx-get="/evals/rows/"' in shown


def test_a_run_keeps_what_the_reps_showed_and_is_run_once(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        asked = ask_for_eval(cast.scenario, by=cast.omar.member, seeds=1)
    run_eval(asked.pk)
    done = the_run()
    assert (done.status, done.progress) == ("done", 1.0)
    assert done.result is not None
    assert done.result["reproducible"] is True
    assert len(done.result["means"]) == len(done.result["paraphrased"]["means"]) == 5
    run_eval(asked.pk)
    assert the_run().finished_at == done.finished_at
    shown = browser(cast.ana).get("/evals/").content.decode()
    assert "excellent" in shown
    assert f"{done.result['means'][4]:.1f}" in shown
    assert f"Version {cast.scenario.version}" in shown


@pytest.mark.parametrize("who", ["ben", "hana"])
def test_others_may_not(cast: Cast, who: str) -> None:
    page = browser(getattr(cast, who))
    assert page.get("/evals/").status_code == 403
    assert page.get("/evals/rows/").status_code == 403
    assert page.post(f"/evals/{cast.scenario.pk}/").status_code == 403


def test_a_scenario_of_another_organisation_is_not_found(cast: Cast) -> None:
    assert browser(cast.ana).post(f"/evals/{cast.foreign_scenario.pk}/").status_code == 404


def test_a_scenario_without_a_playbook_says_so(cast: Cast) -> None:
    with acting_as_service("a test makes a bare scenario"):
        bare = Scenario.objects.get(pk=cast.scenario.pk)
        bare.pk, bare.version, bare.playbook, bare._state.adding = None, bare.version + 1, None, True
        bare.save()
    page = browser(cast.ana)
    assert "has no playbook" in page.get("/evals/").content.decode()
    assert page.post(f"/evals/{bare.pk}/").status_code == 404
    with acting_as(cast.ana.member), pytest.raises(EvalRefused, match=r"playbook\.md"):
        ask_for_eval(bare, by=cast.ana.member)


def test_a_review_has_the_exemplar_call_beside_it(cast: Cast) -> None:
    attempt = score(finished_call(cast))
    address = f"/attempts/{attempt.pk}/"
    assert "Hear how it can go" not in browser(cast.ben).get(address).content.decode()
    path = f"{cast.scenario.org_id}/{cast.scenario.pk}/exemplar-test.flac"
    bucket(exemplars.BUCKET).save(path, ContentFile(b"fLaC"))
    with acting_as_service("a test puts an exemplar there"):
        Exemplar.objects.create(
            org_id=cast.scenario.org_id,
            scenario=cast.scenario,
            sha256="0" * 64,
            path=path,
            duration_s=125.0,
            seed=1,
            transcript=[{"i": 0, "speaker": "rep", "start": 1.0, "end": 3.0, "text": "Hi Marcus, glad you called."}],
            kpis={},
            breakdown={"total": 97.5, "criteria": [{"label": "Opening", "points": 8, "weight": 8}]},
        )
    shown = browser(cast.ben).get(address).content.decode()
    assert "Hear how it can go" in shown
    assert "Hi Marcus, glad you called." in shown
    assert "2:05" in shown
    sound = shown.partition("<audio")[2].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    assert b"".join(browser(cast.ben).get(sound).streaming_content) == b"fLaC"  # type: ignore[attr-defined]


def test_an_exemplar_waits_while_somebody_is_on_the_phone(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        attempt, _ = start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes", mode="practice", seed=7)
    on_the_phone = {"status": "live", "heartbeat_at": timezone.now()}
    with acting_as_service("a test has a call run"):
        Attempt.objects.filter(pk=attempt.pk).update(**on_the_phone)
    before = jobs_waiting()
    make_exemplar_job(str(cast.scenario.pk))
    assert jobs_waiting() == before + 1
    with acting_as_service("a test looks"):
        assert not Exemplar.objects.filter(scenario=cast.scenario).exists()
    with acting_as_service("a test has the line go dead"):
        Attempt.objects.filter(pk=attempt.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert not exemplars.a_call_runs()


@pytest.mark.slow
def test_an_exemplar_is_voiced_once_and_taken_over_by_another_organisation(cast: Cast) -> None:
    made = exemplars.make_exemplar(cast.scenario.pk)
    assert made is not None
    assert made.breakdown["total"] >= 90
    assert made.duration_s > 120
    spoken = [u for u in made.transcript if u["speaker"] == "rep"]
    assert all(u["words"][-1]["end"] <= made.duration_s for u in spoken)
    again = exemplars.make_exemplar(cast.scenario.pk)
    assert again is not None
    assert again.created_at == made.created_at
    other = exemplars.make_exemplar(cast.foreign_scenario.pk)
    assert other is not None
    assert other.sha256 == made.sha256
    assert other.path.startswith(str(cast.foreign_scenario.org_id))
