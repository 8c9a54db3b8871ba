"""Show what another version of a scenario's rubric would make of earlier calls, and apply it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.local import local_django
from parley.core.embedded import EmbeddedPostgresError

if TYPE_CHECKING:
    from parley.scenarios.models import Scenario
    from parley.scoring.models import Rescore
    from parley.scoring.rescoring.queries import Preview

app = typer.Typer(add_completion=False)
REASON = "Whoever runs the installation scores history of any organisation."
SHOWN = 20


class _Refused(Exception):
    """The command cannot do what was asked; the text says why and what to do."""


@app.command()
def rescore(
    scenario: Annotated[str, typer.Option("--scenario", "-s", help="Key or code, such as S01.")],
    version: Annotated[int | None, typer.Option(help="Version of the scenario; default the newest published.")] = None,
    org: Annotated[str, typer.Option(help="Slug of the organisation, when several have the scenario.")] = "",
    measure_again: Annotated[
        bool, typer.Option("--measure-again", help="Read all transcripts again, whatever the rubric listens for.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Do it, after showing it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Show who would move and why when earlier calls count by another version of a rubric; --apply does it.

    Status 2 when there is no such scenario or version, or it cannot be applied.
    """
    try:
        with local_django(data):
            found, run = _look(scenario, version, org), None
            shown, target = _preview(found, measure_again)
            if apply:
                run = _apply(target, measure_again, shown.took_s)
            typer.echo(json.dumps(_as_json(target, shown, run)) if as_json else _as_text(target, shown, run))
    except (_Refused, EmbeddedPostgresError) as problem:
        text = json.dumps({"error": {"message": str(problem)}}) if as_json else str(problem)
        typer.echo(text, err=not as_json)
        raise typer.Exit(2) from None


def _look(name: str, version: int | None, org: str) -> Scenario:
    from django.db.models import Q

    from parley.core.tenancy import acting_as_service
    from parley.scenarios.models import Scenario

    with acting_as_service(REASON):
        rows = Scenario.objects.select_related("org").filter(Q(key=name.lower()) | Q(code__iexact=name))
        slugs = sorted(set(rows.values_list("org__slug", flat=True)))
        if not slugs:
            raise _Refused(f"No organisation has a scenario {name!r}; `parley manage load_library` publishes ours.")
        if org and org not in slugs:
            raise _Refused(f"Organisation {org!r} has no scenario {name!r}; use one of {', '.join(slugs)}.")
        if not org and len(slugs) > 1:
            raise _Refused(
                f"{len(slugs)} organisations have scenario {name!r}; choose one with --org {' | '.join(slugs)}."
            )
        rows = rows.filter(org__slug=org or slugs[0]).order_by("-version")
        chosen = rows.filter(version=version) if version is not None else rows.filter(status="published")
        if (found := chosen.first()) is not None:
            return found
        known = ", ".join(f"{row.version} ({row.status})" for row in rows)
        raise _Refused(f"Scenario {name!r} has no version {version or 'that is published'}; there are {known}.")


def _preview(target: Scenario, measure_again: bool) -> tuple[Preview, Scenario]:
    from parley.scoring.rescoring import queries

    return queries.preview(target, measure_again=measure_again), target


def _apply(target: Scenario, measure_again: bool, expected_s: float) -> Rescore:
    from parley.core.tenancy import acting_as_service
    from parley.scoring.rescoring import actions

    try:
        with acting_as_service(REASON):
            run = actions.ask_rescore(target, by=None, measure_again=measure_again, expected_s=expected_s)
    except actions.CannotRescore as problem:
        raise _Refused(str(problem)) from None
    return actions.run_rescore(run.pk)


def _as_json(target: Scenario, shown: Preview, run: Rescore | None) -> dict[str, Any]:
    rows = [
        {**asdict(row), "attempt_id": str(row.attempt_id), "started_at": row.started_at.isoformat()}
        for row in shown.rows
    ]
    return {
        "scenario": target.key,
        "org": target.org.slug,
        "version": target.version,
        "applied": run is not None,
        **asdict(shown),
        "rows": rows,
        "explained_by": dict(shown.explained_by),
    }


def _as_text(target: Scenario, shown: Preview, run: Rescore | None) -> str:
    lines = [f"{target.title}, version {target.version} ({target.org.slug})"]
    lines.append(
        f"{shown.attempts} scored calls count by another version: {shown.moved} move, {shown.newly_passed} newly pass, "
        f"{shown.newly_failed} no longer pass. Mean {_or_dash(shown.mean_before)} -> {_or_dash(shown.mean_after)}."
    )
    if shown.practice:
        lines.append(f"{shown.practice} of them are practice and stay unnamed; {shown.practice_moved} of these move.")
    if shown.kept:
        lines.append(f"{shown.kept} stay as they are: their words are forgotten and would have to be read again.")
    lines += [f"  explained by {label}: {n}" for label, n in shown.explained_by]
    for row in shown.rows[:SHOWN]:
        passed = "  now passed" if row.newly_passed else "  no longer passed" if row.newly_failed else ""
        score = f"{_or_dash(row.before):>5} -> {_or_dash(row.after):>5}"
        lines.append(f"  {score}  {row.rep_name}, {row.started_at:%Y-%m-%d}: {row.label}, {row.why}{passed}")
    if len(shown.rows) > SHOWN:
        lines.append(f"  and {len(shown.rows) - SHOWN} more; --json has all.")
    if run is None:
        lines.append("Nothing was changed; --apply does it." if shown.attempts else "There is nothing to change.")
    else:
        lines.append(f"Applied: {run.moved} of {run.attempts} scores moved. The earlier scores stay in their history.")
    return "\n".join(lines)


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
