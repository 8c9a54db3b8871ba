"""A database that bench_data.py filled: opened for a benchmark, and who of its largest organisation reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def opened(folder: Path, *, quiet: bool, migrated: bool = True) -> Iterator[None]:
    """The embedded PostgreSQL of that data folder with Django on it; migrations that it lacks are applied."""
    from parley.core.embedded import EmbeddedPostgres

    server = EmbeddedPostgres(folder.resolve() / "postgres")
    server.start(None if quiet else print)
    try:
        os.environ.update(server.urls())
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "parley.settings",
            "PARLEY_DATA": str(folder.resolve()),
            "PARLEY_DATABASE_POOL": "0",
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        }
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        if migrated:
            from django.core.management import call_command

            call_command("migrate", database="owner", verbosity=0)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        server.end()


def largest_org() -> tuple[Any, int]:
    """The organisation with most attempts, and how many attempts there are in all."""
    from django.db import connections

    with connections["owner"].cursor() as owner:
        owner.execute("select org_id, count(*) from fact_scenario_attempts group by 1 order by 2 desc limit 1")
        (org, _) = owner.fetchone() or (None, 0)
        owner.execute("select count(*) from fact_scenario_attempts")
        (attempts,) = owner.fetchone() or (0,)
    return org, attempts


def somebody(org: Any, role: str) -> Any:
    """A member of that role: the busiest rep, the manager of a region."""
    from django.db import connections

    from parley.core.tenancy import Member

    with connections["owner"].cursor() as owner:
        owner.execute(
            "select u.id from users u left join fact_scenario_attempts f on f.org_id = u.org_id and f.user_id = u.id "
            "where u.org_id = %s and u.role = %s and (%s <> 'manager' or exists (select from teams t "
            "where t.manager_id = u.id and t.kind = 'region')) group by 1 order by count(f.attempt_id) desc limit 1",
            [org, role, role],
        )
        (user,) = owner.fetchone() or (None,)
    return Member(user, org, role)  # type: ignore[arg-type]


def identity(member: Any) -> Any:
    """Somebody to sign in as: seeded people cannot, so one is given an identity."""
    from django.db import connections

    from parley.accounts.models import Identity

    found, _ = Identity.objects.get_or_create(email=f"bench-{member.role}@bench.example")
    with connections["owner"].cursor() as owner:
        owner.execute("update users set identity_id = %s where id = %s", [found.pk, member.user_id])
    return found
