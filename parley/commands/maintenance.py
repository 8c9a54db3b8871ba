"""Close Parley to everybody for a while, with a page that says so, and open it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parley.core.maintenance import FILE, Maintenance, switch_off, switch_on
from parley.supervisor.options import data_dir

app = typer.Typer(add_completion=False, no_args_is_help=True)
Data = Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")]


@app.command()
def on(
    until: Annotated[str, typer.Option(help="When you expect to be back, as people read it: '14:30 UTC'.")] = "",
    words: Annotated[str, typer.Option(help="A sentence of your own instead of ours.")] = "",
    data: Data = None,
) -> None:
    """Close it: every page answers 503 at once. Calls that are being held go on and are kept."""
    folder = _folder(data)
    switch_on(folder, Maintenance(until.strip(), words.strip()))
    typer.echo(f"Closed for maintenance: {folder / FILE}. `parley maintenance off` opens it again.")


@app.command()
def off(data: Data = None) -> None:
    """Open it again."""
    typer.echo("Open again." if switch_off(_folder(data)) else "It was not closed by this folder's file.")


def _folder(asked: Path | None) -> Path:
    folder = data_dir(asked)
    if not folder.is_dir():
        typer.echo(f"{folder} is no folder; name the one of the installation with --data.", err=True)
        raise typer.Exit(2)
    return folder
