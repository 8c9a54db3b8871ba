"""Prove a scenario with simulated reps: does the score rank five skill levels, does the buyer keep to the topic?"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.local import local_django
from parley.core.embedded import EmbeddedPostgresError

if TYPE_CHECKING:
    from parley.reps.skill import Level
    from parley.scenarios.pack import ScenarioFile
    from parley.scoring.evals import Figures, ScenarioResult
    from parley.scoring.evals.spoken import SpokenResult, TwinCall

app = typer.Typer(add_completion=False)


@app.command("eval")
def evaluate_scenarios(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Keys or codes, such as S01; default all.")] = None,
    file: Annotated[list[Path] | None, typer.Option("--file", "-f", help="A scenario file of your own.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Calls for each of the five levels.")] = 20,
    paraphrased: Annotated[bool, typer.Option(help="The same again with reps who put everything differently.")] = False,
    voice: Annotated[
        int, typer.Option("--voice", min=0, help="Hold so many calls by voice for each of --levels, in real time.")
    ] = 0,
    levels: Annotated[
        str, typer.Option(help="With --voice: skill levels, separated by commas.")
    ] = "poor,fair,excellent",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Let simulated reps of five levels call a scenario's buyer, score the calls, print what they show.

    With --voice they speak through the live pipeline instead, and each call stands beside its text twin. Nothing is
    kept. Status 1 when a scenario falls short, 2 when it cannot be evaluated.
    """
    from parley.scenarios.pack import PackError
    from parley.scenarios.rubric import RubricError

    if voice:
        _by_voice(scenarios or [], file or [], voice, levels, as_json, data)
        return
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


def _by_voice(names: list[str], files: list[Path], calls: int, levels: str, as_json: bool, data: Path | None) -> None:
    """Hold calls by voice and print each beside its text twin."""
    from parley.scenarios.pack import PackError
    from parley.scenarios.rubric import RubricError

    wanted = _levels(levels)
    found: dict[str, SpokenResult] = {}
    try:
        chosen = _chosen(names, files)
        with local_django(data):
            from parley.scoring.evals import subject_of_file
            from parley.scoring.evals.spoken import ModelError, RehearsalFailed, evaluate_by_voice

            try:
                for scenario in chosen:
                    if not as_json:
                        typer.echo(f"{scenario.key}, version {scenario.version}, {calls} spoken calls for each level")
                    found[scenario.key] = asyncio.run(
                        evaluate_by_voice(
                            subject_of_file(scenario),
                            seeds=calls,
                            levels=wanted,
                            on_call=(lambda call: None) if as_json else _print_twin,
                        )
                    )
                    if not as_json:
                        _print_means(found[scenario.key])
            except (ModelError, RehearsalFailed) as problem:
                raise PackError(str(problem)) from problem
    except (PackError, RubricError, EmbeddedPostgresError) as problem:
        message = str(problem)
        typer.echo(json.dumps({"error": {"message": message}}) if as_json else message, err=not as_json)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps({"scenarios": {key: result.as_dict() for key, result in found.items()}}, indent=2))
    if not all(result.in_order for result in found.values()):
        raise typer.Exit(1)


def _levels(names: str) -> list[Level]:
    """The skill levels that --levels names, in their own order. Ends with status 2 and the known ones otherwise."""
    from parley.reps.skill import LEVELS

    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = sorted(wanted - set(LEVELS))
    if unknown or not wanted:
        typer.echo(f"--levels {names!r}: use one or more of {', '.join(LEVELS)}.", err=True)
        raise typer.Exit(2)
    return [level for level in LEVELS if level in wanted]


def _print_twin(call: TwinCall) -> None:
    spoken, text = (f"{'–' if score is None else f'{score:5.1f}'}" for score in (call.spoken, call.text))
    apart = "" if call.difference is None else f" ({call.difference:+.1f})"
    after = "" if call.answered_after_ms is None else f", answered after {call.answered_after_ms:.0f} ms"
    typer.echo(
        f"  {call.level:9} seed {call.seed}: spoken {spoken}, text {text}{apart}   {call.word_error_rate:.0%} of words "
        f"misheard, {call.duration_s:.0f} s{after}, ended {call.ended} (text: {call.text_ended or 'rep hung up'})"
    )
    if call.lost_by:
        typer.echo("            " + ", ".join(f"{name} {points:+.1f}" for name, points in call.lost_by.items()))


def _print_means(result: SpokenResult) -> None:
    for level, (spoken, text) in result.means().items():
        typer.echo(f"  mean {level:9} spoken {spoken}, text {text}")
    typer.echo(f"  spoken means in order: {'yes' if result.in_order else 'NO'}")


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
