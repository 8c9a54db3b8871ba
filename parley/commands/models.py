"""List the speech models in use with their hashes, or fetch better ones: `parley models fetch base.en`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from parley.supervisor.options import data_dir
from parley.voice.fetch import WHISPER
from parley.voice.fetch import fetch as fetch_model
from parley.voice.model_files import ENV_OF_ROLE, ModelError, inventory
from parley.voice.settings import VoiceSettings

app = typer.Typer(add_completion=False, invoke_without_command=True)
Data = Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")]
MARKS = {"verified": "ok", "changed": "!!", "missing": "!!", "unpinned": "??"}


def _settings(data: Path | None) -> VoiceSettings:
    return VoiceSettings(
        data_dir=data_dir(data) / "voice",
        whisper_model=os.environ.get("PARLEY_WHISPER_MODEL", ""),
        piper_voice=os.environ.get("PARLEY_PIPER_VOICE", ""),
    )


@app.callback()
def models(
    context: typer.Context,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the speech models in use, each file with its SHA-256. Status 1 when one is missing or changed."""
    if context.invoked_subcommand is not None:
        return
    try:
        files = inventory(_settings(data))
    except ModelError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        rows = [
            {"role": f.role, "model": f.model, "file": str(f.path), "sha256": f.sha256, "state": f.state} for f in files
        ]
        typer.echo(json.dumps({"models": rows}, indent=1))
    else:
        for file in files:
            typer.echo(
                f"{MARKS[file.state]}  {file.role:10} {file.model:18} {file.path.name:28} {file.sha256} {file.state}"
            )
        typer.echo(f"\nBetter ones: parley models fetch {' | '.join(WHISPER)} | a Piper voice such as en_US-amy-medium")
        typer.echo(f"Then set {ENV_OF_ROLE['whisper']} or {ENV_OF_ROLE['piper']} to its name.")
    raise typer.Exit(1 if any(f.state in {"changed", "missing"} for f in files) else 0)


@app.command()
def fetch(
    name: Annotated[
        str, typer.Argument(help="base.en, small.en, medium.en, or a Piper voice such as en_US-amy-medium.")
    ],
    data: Data = None,
) -> None:
    """Fetch a model from its official home and verify it by the SHA-256 published there."""
    settings = _settings(data)
    try:
        folder = fetch_model(name, settings, _progress)
    except ModelError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    variable = ENV_OF_ROLE["whisper" if name in WHISPER else "piper"]
    typer.echo(f"\n{name} is in {folder}. Use it with {variable}={name}.")


def _progress(file: str, done: int, size: int) -> None:
    share = f"{done * 100 // size:3d} %" if size else f"{done >> 20} MB"
    typer.echo(f"\r{file:28} {share}", nl=False, err=True)
