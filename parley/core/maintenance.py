"""Maintenance: while it is on, every page says so (503) and nothing touches the database.

It is on while `PARLEY_MAINTENANCE` is set, or while the file `maintenance.json` lies in the data folder: the file
switches all processes that share the folder at once, without a restart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

FILE = "maintenance.json"


@dataclass(frozen=True)
class Maintenance:
    """What people are told. `until`: a time as one says it (`14:30 UTC`); `words`: a sentence of the operator's own."""

    until: str = ""
    words: str = ""


def current() -> Maintenance | None:
    """The maintenance that is on, or None. A file that cannot be read counts as on: somebody put it there."""
    try:
        said = json.loads(_file(settings.DATA_DIR).read_text())
    except FileNotFoundError:
        return Maintenance(words=settings.MAINTENANCE_WORDS) if settings.MAINTENANCE else None
    except (OSError, ValueError):
        return Maintenance()
    known = said if isinstance(said, dict) else {}
    return Maintenance(str(known.get("until", "")), str(known.get("words", "")))


def switch_on(data: Path, said: Maintenance) -> None:
    """Begin it for all processes that use this data folder. Again replaces the words."""
    file = _file(data)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(said)))
    fresh.replace(file)


def switch_off(data: Path) -> bool:
    """End it; False when it was not on by the file."""
    try:
        _file(data).unlink()
    except FileNotFoundError:
        return False
    return True


def _file(data: Path) -> Path:
    return data / FILE
