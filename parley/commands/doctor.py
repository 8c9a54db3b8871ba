"""Say what is embedded and what is real here, whether it is sound, and what to set to change it."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

import typer

from parley.commands.local import local_django
from parley.core.embedded import EmbeddedPostgresError
from parley.supervisor.options import data_dir

app = typer.Typer(add_completion=False)
LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Part:
    """One part of the installation as it is now."""

    name: str
    kind: Literal["embedded", "real", "off"]
    what: str
    ok: bool
    change: str
    """What to set to have something else."""


@app.command()
def doctor(
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is embedded and what is real, with versions and verified models. Status 1 when a part is unwell."""
    try:
        with local_django(data, migrated=False):
            parts = [_checked(*check) for check in CHECKS]
    except EmbeddedPostgresError as error:
        parts = [Part("database", "embedded", str(error), False, "DATABASE_URL to use another PostgreSQL")]
    parts.append(_disk(data_dir(data)))
    well = all(part.ok for part in parts)
    if as_json:
        about = {"parley": version("parley"), "python": platform.python_version(), "ok": well}
        typer.echo(json.dumps(about | {"parts": [asdict(part) for part in parts]}, indent=2))
    else:
        typer.echo(f"Parley {version('parley')}, Python {platform.python_version()}, {platform.platform()}")
        for part in parts:
            typer.echo("\n".join(_lines(part)))
        typer.echo("All is well." if well else "Something is unwell; see the lines marked !!")
    raise typer.Exit(0 if well else 1)


def _lines(part: Part) -> Iterator[str]:
    first, *more = part.what.splitlines()
    yield f"{'ok' if part.ok else '!!'}  {part.name:9} {part.kind:9} {first}"
    yield from (f"{'':24}{line}" for line in more)
    yield f"{'':24}to change: {part.change}"


def _checked(name: str, check: Callable[[], Part]) -> Part:
    try:
        return check()
    except Exception as error:
        return Part(name, "real", f"{type(error).__name__}: {error}", False, "see the message")


def _database() -> Part:
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), current_user, rolsuper, current_database(), "
            "(select array_agg(extname || ' ' || extversion order by 1) from pg_extension "
            "where extname in ('pg_trgm', 'unaccent')) from pg_roles where rolname = current_user"
        )
        server, role, is_superuser, name, extensions = cursor.fetchone()
    extensions = extensions or []
    problems = ["Its role is superuser, which no policy binds." if is_superuser else ""]
    problems += ["It lacks pg_trgm or unaccent; the owner runs `create extension`." if len(extensions) < 2 else ""]
    what = f"PostgreSQL {server}, database {name}, as {role}, with {' and '.join(extensions) or 'no extension'}"
    return Part(
        "database",
        "embedded" if settings.EMBEDDED_DATABASE else "real",
        "\n".join(filter(None, [what, *problems])),
        not any(problems),
        "DATABASE_URL, DATABASE_OWNER_URL, DATABASE_DIRECT_URL, DATABASE_WORKER_URL; PARLEY_PG_BIN for other programs",
    )


def _storage() -> Part:
    from django.conf import settings

    change = "PARLEY_STORAGE=s3 with PARLEY_S3_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"
    if settings.STORAGE_KIND == "s3":
        return Part(
            "storage",
            "real",
            f"S3 at {settings.S3_ENDPOINT or 'AWS'}, django-storages {version('django-storages')}",
            True,
            change,
        )
    return Part("storage", "embedded", f"files in {settings.DATA_DIR / 'buckets'}", True, change)


def _speech(name: str, provider: str, key: str, roles: tuple[str, ...], package: str, change: str) -> Part:
    if key:
        return Part(name, "real", provider, True, change)
    from parley.calls.voice import voice_settings
    from parley.voice.model_files import inventory

    files = [file for file in inventory(voice_settings()) if file.role in roles]
    lines = [f"{file.model}: {file.path.name}, SHA-256 {file.sha256[:16] or 'none'}…, {file.state}" for file in files]
    well = all(file.state in {"verified", "unpinned"} for file in files)
    return Part(name, "embedded", "\n".join([f"{package} {version(package)}", *lines]), well, change)


def _stt() -> Part:
    from django.conf import settings

    roles = ("whisper", "silero", "smart_turn")
    change = "PARLEY_WHISPER_MODEL (see parley models), or DEEPGRAM_API_KEY"
    return _speech("STT", "Deepgram", settings.DEEPGRAM_API_KEY, roles, "faster-whisper", change)


def _tts() -> Part:
    from django.conf import settings

    change = "PARLEY_PIPER_VOICE (see parley models), or ELEVENLABS_API_KEY"
    return _speech("TTS", "ElevenLabs", settings.ELEVENLABS_API_KEY, ("piper",), "piper-tts", change)


def _llm() -> Part:
    from django.conf import settings

    change = "OPENAI_API_KEY, or PARLEY_LLM_BASE_URL of any OpenAI-compatible server; PARLEY_LLM_MODEL"
    if settings.OPENAI_API_KEY or settings.LLM_BASE_URL:
        where = settings.LLM_BASE_URL or "OpenAI"
        return Part("LLM", "real", f"{settings.LLM_MODEL} at {where}; the scripted buyer covers for it", True, change)
    return Part("LLM", "embedded", "none needed: the scripted buyer and the rule-based feedback writer", True, change)


def _email() -> Part:
    from django.conf import settings

    backend = settings.EMAIL_BACKEND
    change = "RESEND_API_KEY, or EMAIL_HOST with EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD; EMAIL_FROM"
    if backend.endswith("filebased.EmailBackend"):
        return Part("e-mail", "embedded", f"written to files in {settings.EMAIL_FILE_PATH}", True, change)
    where = "Resend" if "anymail" in backend else f"SMTP at {settings.EMAIL_HOST}"
    return Part("e-mail", "real", f"{where}, from {settings.DEFAULT_FROM_EMAIL}", True, change)


def _sign_in() -> Part:
    return Part(
        "sign-in",
        "embedded",
        f"e-mail and password, django-allauth {version('django-allauth')}",
        True,
        "nothing yet: Clerk is to come",
    )


def _billing() -> Part:
    return Part("billing", "off", "everything is free of charge", True, "nothing yet: Stripe is to come")


def _disk(folder: Path) -> Part:
    free = shutil.disk_usage(folder).free
    what = f"{free / 1e9:.1f} GB free for {folder}"
    return Part("disk", "real", what, free > LOW_DISK_BYTES, "PARLEY_DATA, or --data, names another folder")


CHECKS: tuple[tuple[str, Callable[[], Part]], ...] = (
    ("database", _database),
    ("storage", _storage),
    ("STT", _stt),
    ("TTS", _tts),
    ("LLM", _llm),
    ("e-mail", _email),
    ("sign-in", _sign_in),
    ("billing", _billing),
)
