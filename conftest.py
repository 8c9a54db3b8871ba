"""Tests run on the real PostgreSQL: the embedded one, started once per run, with a database of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.core.embedded import EmbeddedPostgres

ROOT = Path(__file__).parent
TEST_DATA = Path(os.environ.get("PARLEY_TEST_DATA", ROOT / "var" / "test"))
_server: EmbeddedPostgres | None = None


def _use_embedded_database() -> None:
    global _server
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
    os.environ["PARLEY_DATA"] = str(TEST_DATA / "data")
    os.environ["PARLEY_DATABASE_POOL"] = "0"
    os.environ.setdefault("PARLEY_RENDER_AHEAD", "0")  # minutes of work that no test waits for
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
    if "DATABASE_OWNER_URL" not in os.environ:
        _server = EmbeddedPostgres(TEST_DATA / "postgres", durable=False)
        _server.start()
        os.environ.update(_server.urls())
        os.environ["PARLEY_EMBEDDED_DATABASE"] = "1"
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow hashing tests nothing of ours
    assert settings.DATABASES  # pytest-django sets Django up once settings are loaded


_use_embedded_database()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        _server.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Make and migrate a database as the owner; every test connection comes in as the authenticator."""
    from django.core.management import call_command
    from django.db import connections

    name = f"test_parley_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        owner = connections["owner"]
        with owner.cursor() as cursor:
            cursor.execute(f'create database "{name}"')
        keep = owner.settings_dict["NAME"]
        owner.close()
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        call_command("migrate", database="owner", verbosity=0)
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        owner.close()
        owner.settings_dict["NAME"] = keep
        with owner.cursor() as cursor:
            # Not `with (force)`: the owner may not end a superuser's autovacuum worker; plain drop waits for it.
            cursor.execute(f'drop database if exists "{name}"')
        owner.close()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real transactions on both connections; everything is emptied by the owner afterwards."""
    from django.apps import apps
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        tables = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_models() if model._meta.managed)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"truncate {tables} restart identity cascade")
        for alias in ("default", "owner"):
            connections[alias].close()


@pytest.fixture
def cast(db: None) -> Any:
    """The standing cast, inside the test's own transaction."""
    from tests.support.cast import make_cast

    return make_cast()


@pytest.fixture
def committed_cast(committed_db: None) -> Any:
    """The standing cast, committed."""
    from tests.support.cast import make_cast

    return make_cast()
