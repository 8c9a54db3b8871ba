"""Mails that people chose to get: to whom they go, what stands around them, and how one gets no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from parley.accounts.clock import zone_named
from parley.accounts.models import NOTIFICATIONS, User
from parley.core.mail import send_mail
from parley.core.storage import bucket
from parley.core.tenancy import Member, Role, acting_as, acting_as_service

REASON = "A mail is written for somebody who is not there."
_SALT = "parley.mails"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a mail: what it is about, how it stands, and where to look."""

    what: str
    how: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail says. The opening follows the greeting; `url` is where its button leads."""

    title: str
    opening: str
    button: str
    url: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""


Writer = Callable[[Member], Notice | None]


def link(name: str, *args: object, query: str = "") -> str:
    """A whole address, as mails need it."""
    return settings.APP_URL.rstrip("/") + reverse(name, args=args) + query


def send_notice(user_id: UUID, kind: str, write: Writer) -> bool:
    """Write to somebody who is here and wants this kind of mail; False when they do not, or there is nothing to say.

    `kind` is one of NOTIFICATIONS, or empty for what always comes. `write` runs as the person themselves, in their
    time zone, so a mail can only say what they may read. Raises what the mail server says.
    """
    with acting_as_service(REASON):
        user = User.objects.select_related("org").filter(pk=user_id, is_active=True, identity__is_active=True).first()
    if user is None or (kind and not user.wants_mail(kind)):
        return False
    member = member_of_user(user)
    with acting_as(member), timezone.override(zone_named(member.timezone)), translation.override(member.locale):
        notice = write(member)
    if notice is None:
        return False
    stop = settings.APP_URL.rstrip("/") + reverse("mails-stop", args=[stop_token(user, kind)]) if kind else ""
    context = {
        "notice": notice,
        "org": user.org.name,
        "first_name": user.first_name or user.full_name,
        "preferences_url": link("settings-preferences"),
        "stop_url": stop,
    }
    # RFC 8058: mail programs end a subscription with one press.
    one_press = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if stop else {}
    send_mail("notice", to=user.email, context=context, logo=logo_png(user.org.logo_url), headers=one_press)
    return True


def member_of_user(user: User) -> Member:
    """The claims of this person, as their own page would have them."""
    return Member(
        user_id=user.pk,
        org_id=user.org_id,
        role=cast("Role", user.role),
        name=user.full_name,
        email=user.email,
        org_name=user.org.name,
        timezone=user.timezone or user.org.timezone,
        locale=user.locale,
    )


def stop_token(user: User, kind: str) -> str:
    """The signed part of the address that ends mails of this kind."""
    return signing.dumps([str(user.pk), kind], salt=_SALT)


def stopped_by_token(token: str) -> tuple[UUID, str] | None:
    """Whose mails of which kind this address ends; None when it is not ours."""
    try:
        key, kind = signing.loads(token, salt=_SALT)
        return (UUID(key), kind) if kind in NOTIFICATIONS else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def stop_mails(user_id: UUID, kind: str) -> bool:
    """Send this person no more of this kind; False when they are not here any more."""
    with acting_as_service(REASON):
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            return False
        user.notifications = {**user.notifications, kind: False}
        user.save(update_fields=["notifications", "updated_at"])
    return True


def logo_png(url: str) -> bytes | None:
    """The organisation's logo as a PNG; None when there is none."""
    path = url.removeprefix("org-assets/")
    if not path or not bucket("org-assets").exists(path):
        return None
    with bucket("org-assets").open(path, "rb") as file:
        data: bytes = file.read()
    return data
