"""Bring the database up to date with the code, as its owner."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parley.commands.local import local_django

app = typer.Typer(add_completion=False)


@app.command()
def migrate(
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Apply the migrations that wait, and give every organisation the practice library as it is now."""
    with local_django(data, migrated=False):
        from django.core.management import call_command

        from parley.core.migrating import Busy, migrate_patiently

        try:
            migrate_patiently(tell=typer.echo)
        except Busy as problem:
            typer.echo(str(problem), err=True)
            raise typer.Exit(1) from None
        call_command("load_library")
