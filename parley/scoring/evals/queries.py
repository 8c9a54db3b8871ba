"""Reads for the page of evals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from parley.reps.skill import LEVELS
from parley.scenarios.models import Scenario
from parley.scoring.models import ScenarioEval


@dataclass(frozen=True, slots=True)
class LevelBar:
    """The mean score of one skill level, for a bar."""

    level: str
    mean: float | None
    other_mean: float | None
    """Of the paraphrased reps."""
    goal_percent: int


@dataclass(frozen=True, slots=True)
class EvalResult:
    """What the last finished run showed."""

    version: int
    is_current: bool
    """It was about the version that is practised now."""
    finished_at: datetime
    calls: int
    bars: list[LevelBar]
    spearman: float | None
    other_spearman: float | None
    on_topic_percent: float
    repeated_lines: int
    reproducible: bool
    passed: bool
    problems: list[str]


@dataclass(frozen=True, slots=True)
class EvalRow:
    """One scenario on the page."""

    scenario_id: UUID
    code: str
    title: str
    version: int
    can_run: bool
    running_percent: int | None
    """None when nothing waits or runs."""
    problem: str
    result: EvalResult | None


def eval_rows() -> list[EvalRow]:
    """Every scenario that the acting member can practise, by code, with its last eval."""
    runs: dict[str, list[ScenarioEval]] = {}
    for run in ScenarioEval.objects.select_related("scenario").order_by("-created_at"):
        runs.setdefault(run.scenario.key, []).append(run)
    return [_row(scenario, runs.get(scenario.key, [])) for scenario in Scenario.objects.published()]


def _row(scenario: Scenario, runs: list[ScenarioEval]) -> EvalRow:
    """`runs` are of all versions, newest first."""
    newest = runs[0] if runs else None
    busy = newest is not None and newest.status in ("queued", "running")
    done = next((run for run in runs if run.status == "done"), None)
    return EvalRow(
        scenario_id=scenario.pk,
        code=scenario.code,
        title=scenario.title,
        version=scenario.version,
        can_run=scenario.playbook is not None,
        running_percent=round(100 * newest.progress) if newest and busy else None,
        problem=newest.problem if newest and newest.status == "failed" else "",
        result=_result(done, scenario) if done else None,
    )


def _result(run: ScenarioEval, scenario: Scenario) -> EvalResult:
    found: dict[str, Any] = run.result or {}
    other = found.get("paraphrased") or {}
    others = other.get("means") or [None] * len(LEVELS)
    bars = [
        LevelBar(level, mean, other_mean, round(100 * goal))
        for level, mean, other_mean, goal in zip(LEVELS, found["means"], others, found["goal_rates"], strict=True)
    ]
    assert run.finished_at is not None
    return EvalResult(
        version=run.scenario.version,
        is_current=run.scenario_id == scenario.pk,
        finished_at=run.finished_at,
        calls=run.seeds * len(LEVELS) * (2 if other else 1),
        bars=bars,
        spearman=found["spearman"],
        other_spearman=other.get("spearman"),
        on_topic_percent=round(100 * found["on_topic"], 1),
        repeated_lines=found["repeated_lines"],
        reproducible=found["reproducible"],
        passed=found["passed"],
        problems=found["problems"],
    )
