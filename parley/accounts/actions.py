"""What changes people and organisations."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from django.db import transaction

from parley.accounts.models import ApiToken, Identity, Org, Team, User
from parley.core import events
from parley.core.tenancy import Role


@transaction.atomic
def add_user(
    org: Org,
    *,
    email: str,
    role: Role,
    first_name: str = "",
    last_name: str = "",
    title: str = "",
    team: Team | None = None,
    identity: Identity | None = None,
    by: UUID | None = None,
) -> User:
    """Give a person a profile and a role in an organisation; doing it twice returns the same user."""
    user, added = User.objects.get_or_create(
        org=org,
        email=email.lower(),
        defaults={
            "identity": identity,
            "role": role,
            "first_name": first_name,
            "last_name": last_name,
            "title": title,
            "team": team,
        },
    )
    if added:
        events.record("user.added", org_id=org.pk, subject=("user", user.pk), actor_id=by, data={"role": role})
    return user


def make_api_token(identity: Identity, *, name: str) -> str:
    """A new API token for this identity. The text is returned once and never stored."""
    token = f"parley_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(identity=identity, name=name, sha256=hashlib.sha256(token.encode()).hexdigest())
    return token
