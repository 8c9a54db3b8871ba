"""Compare the judge's scores with people's: weighted kappa, share within one step, Pearson."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.local import local_django
from parley.core.embedded import EmbeddedPostgresError

if TYPE_CHECKING:
    from parley.scoring.calibration.agreement import Agreement
    from parley.scoring.calibration.ratings import Calibration

app = typer.Typer(add_completion=False)
REASON = "Whoever runs the installation compares the judge with people of all organisations."


class _Refused(Exception):
    """The command cannot do what was asked; the text says why."""


@app.command()
def calibrate(
    file: Annotated[Path | None, typer.Argument(help="CSV with the columns criterion, judge, human (0 to 4).")] = None,
    overrides: Annotated[bool, typer.Option("--overrides", help="Use what managers overrode instead.")] = False,
    all_kinds: Annotated[
        bool, typer.Option("--all-kinds", help="With --overrides: criteria that rules decide, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Print how far judge and people agree. Status 2 when there is nothing to compare."""
    try:
        if (file is None) == (not overrides):
            raise _Refused("Give a CSV file, or --overrides; one of them.")
        with local_django(data):
            found = _of_overrides(all_kinds) if file is None else _of_file(file)
    except (_Refused, EmbeddedPostgresError) as problem:
        text = json.dumps({"error": {"message": str(problem)}}) if as_json else str(problem)
        typer.echo(text, err=not as_json)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(found.as_json()) if as_json else _as_text(found))


def _of_file(file: Path) -> Calibration:
    from parley.scoring.calibration.ratings import BadFile, calibrate, read_ratings

    try:
        return calibrate(*read_ratings(file.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    except OSError as error:
        raise _Refused(f"{file} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise _Refused(f"{file} is not UTF-8 text; save it as CSV in UTF-8.") from None
    except BadFile as problem:
        raise _Refused(f"{file}: {problem}") from None


def _of_overrides(all_kinds: bool) -> Calibration:
    from parley.core.tenancy import acting_as_service
    from parley.scoring.calibration.ratings import calibrate, override_ratings

    with acting_as_service(REASON):
        ratings = override_ratings(judged_only=not all_kinds)
    if not ratings:
        kinds = "criterion" if all_kinds else "judged criterion"
        raise _Refused(f"No manager overrode a {kinds} yet, so there is nothing to compare.")
    return calibrate(ratings)


def _as_text(found: Calibration) -> str:
    lines = [f"{'':28} {'pairs':>6} {'kappa':>7} {'±1':>6} {'Pearson':>8} {'judge':>6} {'people':>7}"]
    lines.append(_line("all", found.all))
    lines += [_line(name, figures) for name, figures in found.by_criterion]
    if found.all.is_thin:
        lines.append(f"{found.all.n} pairs are too few to go by.")
    if found.problems:
        lines += [f"{len(found.problems)} rows left out:", *(f"  {problem}" for problem in found.problems)]
    return "\n".join(lines)


def _line(name: str, a: Agreement) -> str:
    cells = [(a.kappa, 7), (a.within_one, 6), (a.pearson, 8), (a.mean_judge, 6), (a.mean_human, 7)]
    return f"{name[:28]:28} {a.n:6} " + " ".join(f"{'–' if v is None else f'{v:.2f}':>{w}}" for v, w in cells)
