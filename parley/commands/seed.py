"""Write a realistic, reproducible history of organisations, people and scored attempts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from parley.commands.local import local_django

app = typer.Typer(add_completion=False)


@app.command()
def seed(
    orgs: Annotated[int, typer.Option(min=1, help="How many organisations.")] = 3,
    users: Annotated[int, typer.Option(min=2, help="How many people in all.")] = 120,
    attempts: Annotated[int, typer.Option(min=0, help="How many attempts in all.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same number gives the same history.")] = 1,
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write months of attempts with improving reps and teams of different strength, then facts and views."""
    with local_django(data):
        from django.db import IntegrityError

        from parley.core.tenancy import acting_as_service
        from parley.reporting import actions
        from parley.reporting.seeding import seed_history

        tell = (lambda _: None) if as_json else typer.echo
        try:
            report = seed_history(orgs=orgs, users=users, attempts=attempts, seed=seed, tell=tell)
        except IntegrityError as problem:
            if "orgs_slug" not in str(problem):
                raise
            typer.echo(f"--seed {seed} was written here before; choose another number.", err=True)
            raise typer.Exit(1) from None
        with acting_as_service("Facts are read by many and written by the installation."):
            facts = actions.write_facts()
            actions.refresh_reporting()
        if as_json:
            typer.echo(json.dumps({**asdict(report), "facts": facts}))
        else:
            typer.echo(f"{report.attempts:,} attempts in {report.insert_s:.1f} s, {facts:,} facts written")
