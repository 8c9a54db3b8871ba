"""Run everything: web, voice, jobs and a database (the same as bin/up)."""

from __future__ import annotations

import typer

app = typer.Typer(add_completion=False)


@app.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def up(context: typer.Context) -> None:
    """Run everything until Ctrl-C; the options are those of bin/up."""
    from parley.supervisor.main import main

    raise SystemExit(main(context.args))
