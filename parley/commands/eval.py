"""Prove a scenario with simulated reps: does the score rank five skill levels, does the buyer keep to the topic?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.local import local_django
from parley.core.embedded import EmbeddedPostgresError

if TYPE_CHECKING:
    from parley.scenarios.pack import ScenarioFile
    from parley.scoring.evals import Figures, ScenarioResult

app = typer.Typer(add_completion=False)


@app.command("eval")
def evaluate_scenarios(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Keys or codes, such as S01; default all.")] = None,
    file: Annotated[list[Path] | None, typer.Option("--file", "-f", help="A scenario file of your own.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Calls for each of the five levels.")] = 20,
    paraphrased: Annotated[bool, typer.Option(help="The same again with reps who put everything differently.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Let simulated reps of five levels call a scenario's buyer, score the calls, print what they show.

    Nothing is kept. Status 1 when a scenario falls short, 2 when it cannot be evaluated.
    """
    from parley.scenarios.pack import PackError
    from parley.scenarios.rubric import RubricError

    found: dict[str, ScenarioResult] = {}
    try:
        chosen = _chosen(scenarios or [], file or [])
        with local_django(data):
            from parley.scoring.evals import evaluate, subject_of_file

            for scenario in chosen:
                found[scenario.key] = evaluate(
                    subject_of_file(scenario), seeds=seeds, paraphrased=paraphrased, progress=_progress(scenario.code)
                )
                if sys.stderr.isatty():
                    typer.echo("\r", nl=False, err=True)
                if not as_json:
                    _print(found[scenario.key])
    except (PackError, RubricError, EmbeddedPostgresError) as problem:
        message = str(problem)
        typer.echo(json.dumps({"error": {"message": message}}) if as_json else message, err=not as_json)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps({"scenarios": {key: result.as_dict() for key, result in found.items()}}, indent=2))
    if any(result.problems for result in found.values()):
        raise typer.Exit(1)


def _chosen(names: list[str], files: list[Path]) -> list[ScenarioFile]:
    """What the command line asks for; every shipped scenario with a playbook when it asks for nothing."""
    from parley.scenarios.pack import find_scenario, load_packs, load_scenario

    if names or files:
        return [*(find_scenario(name) for name in names), *(load_scenario(path) for path in files)]
    return [scenario for scenario in load_packs() if scenario.playbook]


def _progress(name: str) -> Callable[[float], None]:
    """Shows how far a scenario is, to a person who is watching."""
    if not sys.stderr.isatty():
        return lambda share: None
    return lambda share: typer.echo(f"\r{name} … {share:4.0%} ", nl=False, err=True)


def _print(result: ScenarioResult) -> None:
    typer.echo(f"{result.key}, version {result.version}, {result.seeds} calls for each level")
    _print_figures("plain", result.figures)
    if result.paraphrased:
        _print_figures("paraphrased", result.paraphrased)
    typer.echo(f"  same score on repeat: {'yes' if result.reproducible else 'NO'}")
    for problem in result.problems:
        typer.echo(f"  ✗ {problem}")
    if not result.problems:
        typer.echo("  ✓ passes")


def _print_figures(name: str, figures: Figures) -> None:
    means = "  ".join(f"{'–' if mean is None else f'{mean:5.1f}'}" for mean in figures.means)
    goals = " ".join(f"{rate:.0%}" for rate in figures.goal_rates)
    typer.echo(f"  {name:12} poor … excellent: {means}   Spearman {figures.spearman}   in order {figures.ordered:.0%}")
    typer.echo(
        f"  {'':12} on topic {figures.on_topic:.1%}   repeated lines {figures.repeated_lines}   "
        f"at the goal {figures.goal_rate:.0%} ({goals})   too short to judge {figures.abstained}"
    )
