"""Write database, stored files and secret key of this installation into one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from parley.commands.local import local_django
from parley.core.backup import BackupError, back_up
from parley.supervisor.options import data_dir

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, such as parley.tar.gz.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Back up while Parley runs or not. The file holds people's words and the secret key: keep it safe."""
    with local_django(data):
        from django.conf import settings

        if settings.STORAGE_KIND != "disk":
            typer.echo("Files are in S3, which this backup leaves out; use the versioning of your S3.", err=True)
        try:
            report = back_up(file, owner_url=os.environ["DATABASE_OWNER_URL"], data=data_dir(data), tell=typer.echo)
        except (BackupError, OSError) as problem:
            typer.echo(str(problem), err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{file}: {report.bytes:,} bytes, {report.files} stored files, as of {report.made_at}")
