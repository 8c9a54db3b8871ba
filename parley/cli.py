"""`parley COMMAND`: the command line, which loads only the command that is called."""

from __future__ import annotations

import ast
import importlib
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

COMMANDS = Path(__file__).with_name("commands")
NOT_COMMANDS = {"__init__", "local"}


def main() -> None:
    """Run the command that the command line names."""
    words = sys.argv[1:]
    names = command_names()
    if not words or words[0] in {"--help", "-h", "help"}:
        typer.echo(overview(names))
        return
    if words[0] == "--version":
        from importlib.metadata import version

        typer.echo(version("parley"))
        return
    name = words[0].replace("-", "_")
    if name not in names:
        typer.echo(f"parley {words[0]} is unknown; use one of {', '.join(names)}.", err=True)
        raise SystemExit(2)
    app: typer.Typer = importlib.import_module(f"parley.commands.{name}").app
    app(args=words[1:], prog_name=f"parley {words[0]}")


def command_names() -> list[str]:
    """Return the names of all commands."""
    found = [file.stem for file in COMMANDS.glob("*.py")] + [
        folder.parent.name for folder in COMMANDS.glob("*/__init__.py")
    ]
    return sorted(name for name in found if name not in NOT_COMMANDS)


def overview(names: list[str]) -> str:
    """Return the help page: each command with the first line of its docstring, read without importing it."""
    lines = ["Parley: practise sales calls by voice with an AI buyer.", "", "Usage: parley COMMAND [OPTIONS]", ""]
    lines += [f"  {name.replace('_', '-'):10} {_first_line(name)}" for name in names]
    return "\n".join([*lines, "", "parley COMMAND --help says more about one."])


def _first_line(name: str) -> str:
    spec = find_spec(f"parley.commands.{name}")
    if spec is None or spec.origin is None:
        return ""
    docstring = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
    return docstring.splitlines()[0] if docstring else ""
