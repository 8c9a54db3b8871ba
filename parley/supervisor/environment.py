"""The environment that every process of Parley gets: addresses, keys and switches, made where nobody set them."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from parley.core.embedded import EmbeddedPostgres

DATABASE_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL", "DATABASE_WORKER_URL")


def embedded_server(data: Path) -> EmbeddedPostgres | None:
    """Return our own PostgreSQL under this data folder, or None when DATABASE_URL names another."""
    return None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(data / "postgres")


def environment(data: Path, server: EmbeddedPostgres | None) -> dict[str, str]:
    """Return the variables that our processes need beyond those that are set already."""
    made = {
        "DJANGO_SETTINGS_MODULE": "parley.settings",
        "PARLEY_DATA": str(data),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(data),
        "PYTHONUNBUFFERED": "1",
    }
    if server:
        made |= server.urls() | {"PARLEY_EMBEDDED_DATABASE": "1"}
    else:
        # One address is enough to begin with; the roles of the other three are then the same.
        made |= {name: os.environ.get(name) or os.environ["DATABASE_URL"] for name in DATABASE_VARIABLES}
        made |= {"PARLEY_EMBEDDED_DATABASE": "0"}
    return made


def secret_key(data: Path) -> str:
    """Return the installation's secret, made once and readable by its owner only."""
    file = data / "secret-key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f"secret-key.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        # Two processes may do this at once: the first link wins and both read that one.
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(fresh)
        fresh.unlink()
    return file.read_text().strip()
