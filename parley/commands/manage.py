"""Run a management command on this installation, such as make_api_token."""

from __future__ import annotations

import typer

from parley.commands.local import local_django

app = typer.Typer(add_completion=False)


@app.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def manage(context: typer.Context) -> None:
    """Run what `manage.py` would, with the settings and the database that bin/up uses (PARLEY_DATA names another)."""
    with local_django(migrated=False):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["parley manage", *context.args])
