"""Whether the installation can serve, asked part by part."""

from __future__ import annotations

from dataclasses import dataclass

from parley.core import health

NAMES = {
    "database": "Database",
    "migrations": "Schema",
    "worker": "Job worker",
    "voice": "Voice models",
    "storage": "Storage",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part and, when it is not well, why."""

    name: str
    ok: bool
    detail: str


def parts() -> list[Part]:
    """What /healthz answers, for people."""
    found = []
    for name, answer in health.answers().items():
        rest = {
            key: value
            for key, value in answer.items()
            if isinstance(value, str | int | float) and not isinstance(value, bool)
        }
        detail = str(
            answer.get("reason") or ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in rest.items())
        )
        found.append(Part(NAMES.get(name, name.replace("_", " ").capitalize()), bool(answer["ok"]), detail[:160]))
    return found
