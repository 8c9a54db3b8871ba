"""Reads about people and organisations."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parley.accounts.models import ApiToken, Consent, Identity
from parley.core.tenancy import Member


def memberships(identity: Identity) -> list[Member]:
    """The organisations in which this identity is an active user, oldest first.

    Roles come from the database, not a token.
    """
    with connection.cursor() as cursor:
        cursor.execute("select * from memberships_of(%s)", [identity.pk])
        rows = cursor.fetchall()
    return [
        Member(
            user_id=user_id,
            org_id=org_id,
            role=role,
            name=f"{first} {last}".strip() or email,
            email=email,
            org_name=org_name,
        )
        for user_id, org_id, role, first, last, email, org_name in rows
    ]


def choose_member(identity: Identity, chosen_org: str | UUID | None) -> Member | None:
    """The member for the organisation chosen in the session, else the oldest one, else None."""
    found = memberships(identity)
    return next((member for member in found if str(member.org_id) == str(chosen_org)), found[0] if found else None)


def identity_of_token(token: str) -> Identity | None:
    """Whose API token this is; None when unknown or the identity is switched off."""
    row = (
        ApiToken.objects.select_related("identity")
        .filter(sha256=hashlib.sha256(token.encode()).hexdigest(), identity__is_active=True)
        .first()
    )
    if row is None:
        return None
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    return row.identity


def has_withdrawn_consent(member: Member) -> bool:
    """Did this person take back a consent and not give that kind again?"""
    mine = Consent.objects.filter(user_id=member.user_id)
    standing = mine.filter(withdrawn_at=None).values("kind")
    return mine.exclude(kind__in=standing).exists()
