"""Reads about people and organisations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parley.accounts.models import CONSENT_KINDS, ApiToken, Consent, Identity, Org
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
            timezone=timezone_name,
            locale=locale,
            avatar_url=avatar_url,
            logo_url=logo_url,
        )
        for user_id, org_id, role, first, last, email, org_name, timezone_name, locale, avatar_url, logo_url in rows
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


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """Where somebody stands with their organisation's text about recording and AI voices."""

    text: str
    version: int
    given: list[Consent]
    """What stands, one per kind."""
    earlier: list[Consent]
    """What was withdrawn or replaced, newest first."""

    @property
    def is_complete(self) -> bool:
        """Is every kind agreed to in the present version?"""
        return {row.kind for row in self.given if row.version == self.version} == set(CONSENT_KINDS)

    @property
    def is_outdated(self) -> bool:
        """Was an older version agreed to?"""
        return any(row.version != self.version for row in self.given)


def consents_of(member: Member) -> ConsentStanding:
    """Where the member stands with the consents."""
    org = Org.objects.get(pk=member.org_id)
    rows = list(Consent.objects.filter(user_id=member.user_id).order_by("-given_at", "kind"))
    return ConsentStanding(
        text=org.recording_consent_text,
        version=org.consent_version,
        given=sorted((row for row in rows if row.withdrawn_at is None), key=lambda row: row.kind, reverse=True),
        earlier=[row for row in rows if row.withdrawn_at is not None],
    )
