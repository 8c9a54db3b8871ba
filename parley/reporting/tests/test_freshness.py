"""Views follow scores quickly where that is cheap, and never take more than a small share of the machine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from parley.accounts.models import Org
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as_service
from parley.reporting import actions, jobs
from parley.reporting.models import FactAttempt, ReportingRefresh
from parley.reporting.queries.freshness import AT_LEAST_S, SHARE, refresh_due_in_s
from parley.reporting.tests.test_facts import history

__all__ = ["history"]


def _refreshed(ago_s: float, took_ms: int) -> None:
    refreshes = ReportingRefresh.objects.using("owner")
    refreshes.all().delete()
    for view in ("one", "two"):
        refreshes.create(view_name=view, began_at=timezone.now() - timedelta(seconds=ago_s), took_ms=took_ms // 2)


def _due_in_s() -> float:
    with acting_as_service("a test asks when views are due"):
        return refresh_due_in_s()


def test_views_that_were_never_refreshed_are_due(committed_db: None) -> None:
    assert _due_in_s() == 0


@pytest.mark.parametrize(("took_ms", "wait_s"), [(20, AT_LEAST_S), (1_000, 1 / SHARE), (14_000, 14 / SHARE)])
def test_the_longer_a_refresh_takes_the_longer_the_next_one_waits(
    committed_db: None, took_ms: int, wait_s: float
) -> None:
    _refreshed(2, took_ms)
    assert wait_s - 3 < _due_in_s() <= wait_s - 2
    _refreshed(wait_s + 1, took_ms)
    assert _due_in_s() == 0


def test_scores_defer_one_refresh_that_waits_its_turn(history: None) -> None:
    _refreshed(1, 14_000)
    jobs.write_facts()
    with acting_as_service("a test scores again"):
        Attempt.objects.filter(pk=Attempt.objects.values("pk")[:1]).update(scored_at=timezone.now())
    jobs.write_facts()
    with connections["owner"].cursor() as owner:
        owner.execute(
            "select extract(epoch from scheduled_at - now()) from procrastinate_jobs "
            "where task_name = 'reporting.refresh' and status = 'todo'"
        )
        waits = [float(row[0]) for row in owner.fetchall()]
    assert len(waits) == 1
    assert 14 / SHARE - 30 < waits[0] < 14 / SHARE


def test_a_refresh_that_comes_too_early_is_put_off(history: None) -> None:
    _refreshed(1, 14_000)
    jobs.refresh()
    with acting_as_service("a test looks at refreshes"):
        assert set(ReportingRefresh.objects.values_list("view_name", flat=True)) == {"one", "two"}
    _refreshed(10_000, 14_000)
    jobs.refresh()
    with acting_as_service("a test looks at refreshes"):
        assert ReportingRefresh.objects.filter(view_name="mv_team_weeks").exists()


def test_a_score_of_one_call_looks_at_the_newest_scores_alone(history: None) -> None:
    with acting_as_service("a test writes facts"):
        actions.write_facts()
        actions.refresh_reporting()
        FactAttempt.objects.update(score=1)
        Attempt.objects.update(scored_at=timezone.now() - timedelta(days=3))
        newest = Attempt.objects.order_by("pk")[0]
        Attempt.objects.filter(pk=newest.pk).update(scored_at=timezone.now())
        assert actions.write_newest_facts() == 1
        assert actions.write_facts() == 59
        assert Org.objects.count() == 2
