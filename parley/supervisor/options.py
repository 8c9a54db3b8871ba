"""What `bin/up` was asked to do."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Options:
    """The command line of `bin/up`, with its defaults."""

    port: int
    host: str
    data: Path
    demo: bool
    dev: bool
    https: bool
    check: bool

    @property
    def is_loopback(self) -> bool:
        """Can only this machine reach the address?"""
        return self.host in LOOPBACK

    @property
    def is_demo(self) -> bool:
        """May the demo organisation be here? Only with our own database and where only this machine can reach it."""
        return self.demo and self.is_loopback and not os.environ.get("DATABASE_URL")

    @property
    def address(self) -> str:
        """The address to open in a browser on this machine."""
        scheme = "https" if self.https else "http"
        host = "localhost" if self.is_loopback or self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"{scheme}://{host}:{self.port}"


def read_options(words: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="bin/up",
        description="Make and run everything: web, voice, jobs, and a database unless DATABASE_URL is set.",
        epilog="Keys and addresses in the environment replace the embedded parts; bin/parley doctor lists them.",
    )
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000", help="default 8000")
    parser.add_argument("--host", help="address to listen on; default localhost, with --https every address")
    parser.add_argument("--data", type=Path, help="folder of database, recordings and keys; default var/")
    parser.add_argument("--no-demo", action="store_true", help="no demo organisation and no one-click sign-in")
    parser.add_argument("--dev", action="store_true", help="reload on change, with error pages for developers")
    parser.add_argument("--https", action="store_true", help="make a local certificate, so that a LAN can use the mic")
    parser.add_argument("--check", action="store_true", help="start, see that /healthz answers 200, stop")
    asked = parser.parse_args(words)
    return Options(
        port=asked.port,
        host=asked.host or ("0.0.0.0" if asked.https else "127.0.0.1"),  # noqa: S104
        data=data_dir(asked.data),
        demo=not asked.no_demo,
        dev=asked.dev,
        https=asked.https,
        check=asked.check,
    )


def data_dir(asked: Path | None = None) -> Path:
    """Return the folder of everything that Parley keeps: as asked, else PARLEY_DATA, else `var/` of the project."""
    return (asked or Path(os.environ.get("PARLEY_DATA") or PROJECT / "var")).expanduser().resolve()
