"""Put a backup into an empty installation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from parley.core.backup import BackupError
from parley.supervisor.environment import embedded_server, environment
from parley.supervisor.options import data_dir

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `parley backup` wrote.")],
    data: Annotated[Path | None, typer.Option(help="An empty folder; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Restore database, stored files and secret key, then bring the database up to date with the code."""
    from parley.core import backup

    folder = data_dir(data)
    folder.mkdir(parents=True, exist_ok=True)
    server = embedded_server(folder)
    if server:
        server.start(typer.echo)
    try:
        owner_url = server.urls()["DATABASE_OWNER_URL"] if server else os.environ["DATABASE_OWNER_URL"]
        report = backup.restore(file, owner_url=owner_url, data=folder, tell=typer.echo)
        os.environ |= environment(folder, server) | {"PARLEY_DATABASE_POOL": "0"}
        import django

        django.setup()
        from django.db import connections

        from parley.supervisor.prepare import bring_up_to_date

        bring_up_to_date(tell=typer.echo)
        connections.close_all()
    except (BackupError, OSError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    finally:
        if server:
            server.stop()
    typer.echo(f"Restored {report.files} stored files and the database as of {report.made_at}.")
