"""Invitations: a user whom nobody signs in as yet, and a signed link that lets one identity become that user, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parley.accounts.models import Identity, User
from parley.accounts.notices import logo_png
from parley.core import events
from parley.core.mail import send_mail
from parley.core.tenancy import acting_as_service

VALID_DAYS = 7
_SALT = "parley.invitation"
REASON = "An invited person has no claims before they accept."


def token_of(user: User) -> str:
    """The signed part of the link. Inviting again makes the earlier ones void."""
    assert user.invited_at is not None
    return signing.dumps([str(user.pk), user.invited_at.isoformat()], salt=_SALT)


def invited_by_token(token: str) -> User | None:
    """Whom this link invites; None when it is not ours, too old, replaced, used, or the person was deactivated."""
    try:
        key, at = signing.loads(token, salt=_SALT, max_age=timedelta(days=VALID_DAYS))
        user_id, invited_at = UUID(key), datetime.fromisoformat(at)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with acting_as_service(REASON):
        found = User.objects.select_related("org").filter(
            pk=user_id, invited_at=invited_at, identity=None, is_active=True
        )
        return found.first()


def accept(user: User, *, identity: Identity) -> bool:
    """Let this identity be the invited user from now on; False when somebody was faster or the invitation ended."""
    with acting_as_service(REASON):
        if User.objects.filter(org_id=user.org_id, identity=identity).exists():
            return False
        waiting = User.objects.filter(pk=user.pk, identity=None, is_active=True, invited_at=user.invited_at)
        if not waiting.update(identity=identity, invited_at=None):
            return False
        events.record("user.joined", org_id=user.org_id, subject=("user", user.pk), actor_id=user.pk)
        return True


@transaction.atomic
def make_identity(user: User, *, password: str) -> Identity:
    """A new identity for the invited person; the link came to this address, so it is verified."""
    identity = Identity.objects.create_user(user.email, password)
    EmailAddress.objects.create(user=identity, email=identity.email, primary=True, verified=True)
    return identity


def send_invitation(user_id: UUID, *, inviter: str) -> bool:
    """Write to an invited person; False when they need no invitation any more. Raises what the mail server says."""
    with acting_as_service(REASON):
        user = User.objects.select_related("org").filter(pk=user_id, identity=None, is_active=True).first()
    if user is None or user.invited_at is None:
        return False
    context = {
        "inviter": inviter,
        "org": user.org.name,
        "first_name": user.first_name,
        "link": settings.APP_URL.rstrip("/") + reverse("invitation", args=[token_of(user)]),
        "until": f"{timezone.localtime(user.invited_at) + timedelta(days=VALID_DAYS):%d %B %Y}",
    }
    send_mail("invitation", to=user.email, context=context, logo=logo_png(user.org.logo_url))
    return True
