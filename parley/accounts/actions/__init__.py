"""What changes people and organisations."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.models import CONSENT_KINDS, ApiToken, Consent, Identity, Org, Team, User
from parley.core import events
from parley.core.tenancy import Member, Role


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


@transaction.atomic
def give_consent(*, by: Member) -> list[Consent]:
    """Agree to the organisation's text as it is now, for recording and for the AI voice.

    What was agreed to before in another version ends. The same version again changes nothing.
    """
    org = Org.objects.get(pk=by.org_id)
    now = timezone.now()
    standing = Consent.objects.filter(user_id=by.user_id, withdrawn_at=None)
    standing.exclude(version=org.consent_version).update(withdrawn_at=now)
    for kind in CONSENT_KINDS:
        if not standing.filter(kind=kind).exists():
            row = Consent.objects.create(
                org=org, user_id=by.user_id, kind=kind, version=org.consent_version, text=org.recording_consent_text
            )
            data = {"kind": kind, "version": row.version}
            events.record("consent.given", org_id=org.pk, subject=("user", by.user_id), actor_id=by.user_id, data=data)
    return list(Consent.objects.filter(user_id=by.user_id, withdrawn_at=None).order_by("kind"))


@transaction.atomic
def withdraw_consent(*, by: Member) -> int:
    """Take back what was agreed to; returns how many consents ended. No call can be started until it is given again."""
    ended = Consent.objects.filter(user_id=by.user_id, withdrawn_at=None).update(withdrawn_at=timezone.now())
    if ended:
        events.record("consent.withdrawn", org_id=by.org_id, subject=("user", by.user_id), actor_id=by.user_id)
    return ended
