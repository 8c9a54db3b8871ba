"""Who a piece of code acts as, told to PostgreSQL so that row-level security decides what it sees.

The connection comes in as `parley_authenticator`, which owns nothing. `acting_as(member)` opens a transaction, becomes
`parley_authenticated` with the member's claims, and restores what was before on the way out. Outside of both context
managers tenant tables refuse every statement: the code fails closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connection, transaction

Role = Literal["trainee", "manager", "admin", "hr"]
ROLES: tuple[Role, ...] = ("trainee", "manager", "admin", "hr")

_SETTINGS = ("role", "jwt.claims.org_id", "jwt.claims.user_id", "jwt.claims.role", "parley.service_reason")


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one organisation: the claims that policies read. `user_id` is `users.id`, never the identity's."""

    user_id: UUID
    org_id: UUID
    role: Role
    name: str = ""
    email: str = ""
    org_name: str = ""
    timezone: str = "UTC"
    """IANA name: the person's own, else their organisation's."""
    locale: str = "en-US"
    avatar_url: str = ""
    logo_url: str = ""
    """Paths in storage of the person's picture and the organisation's logo; empty when there is none."""

    def is_any(self, *roles: Role) -> bool:
        """Does the member hold one of these roles?"""
        return self.role in roles


@contextmanager
def acting_as(member: Member) -> Iterator[None]:
    """Run the block as this member, in a transaction. Nesting restores the outer role and claims, after errors too."""
    with _acting("parley_authenticated", str(member.org_id), str(member.user_id), member.role, ""):
        yield


@contextmanager
def acting_as_service(reason: str) -> Iterator[None]:
    """Run the block for the installation itself: every tenant's rows.

    `reason` is listed by a test; keep it a sentence.
    """
    if not reason.strip():
        raise ValueError("acting_as_service needs a reason; say why no member can do this.")
    with _acting("parley_service", "", "", "", reason):
        yield


@contextmanager
def _acting(*values: str) -> Iterator[None]:
    # An exception rolls the savepoint back and PostgreSQL restores SET LOCAL by itself; a released savepoint keeps it,
    # so the way out without an exception must restore explicitly or nesting would fail open.
    with transaction.atomic():
        before = _read()
        _apply(values)
        yield
        if not connection.needs_rollback:
            _apply(before)


def note_origin(address: str) -> None:
    """Say from where the acting person came, for the audit log; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('parley.origin', %s, true)", [address[:64]])


def note_for_triggers(name: str, value: str) -> None:
    """Tell triggers something about this transaction, as `parley.<name>`; never who acts."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [f"parley.{name}", value])


def current_claims() -> dict[str, str]:
    """What the connection is acting as now, for tests and for error reports."""
    return dict(zip(_SETTINGS, _read(), strict=True))


def _read() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _SETTINGS))
        row = cursor.fetchone()
    assert row is not None
    return tuple(row)


def _apply(values: tuple[str, ...]) -> None:
    # Two statements: the role may only be changed back while the claims do not matter, and set_config checks
    # membership.
    with connection.cursor() as cursor:
        cursor.execute(
            "select " + ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS),
            [v or _unset(n) for n, v in zip(_SETTINGS, values, strict=True)],
        )


def _unset(name: str) -> str:
    return "none" if name == "role" else ""
