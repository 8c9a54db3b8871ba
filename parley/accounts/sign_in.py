"""How an identity signs in and where it is signed in. Asked as the authenticator, outside of any organisation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from parley.accounts.models import Identity


@dataclass(frozen=True, slots=True)
class Connection:
    """An account elsewhere that opens this one."""

    provider: str
    name: str


@dataclass(frozen=True, slots=True)
class Methods:
    """Every way in which an identity can sign in."""

    emails: list[tuple[str, bool, bool]]
    """Address, primary?, verified?"""
    has_password: bool
    has_totp: bool
    recovery_codes_left: int | None
    """None when none were made."""
    passkeys: list[tuple[str, datetime, datetime | None]]
    """Name, since when, last used."""
    connections: list[Connection]
    services: list[str]
    """What this installation offers to connect."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    key: str
    device: str
    ip: str
    since: datetime
    is_this_one: bool


def methods_of(identity: Identity, request: HttpRequest) -> Methods:
    """Every way in which this identity can sign in now."""
    kinds = Authenticator.Type
    rows = list(Authenticator.objects.filter(user=identity).order_by("created_at"))
    codes = next((row for row in rows if row.type == kinds.RECOVERY_CODES), None)
    keys = [row for row in rows if row.type == kinds.WEBAUTHN]
    return Methods(
        emails=[
            (row.email, row.primary, row.verified)
            for row in EmailAddress.objects.filter(user=identity).order_by("-primary", "email")
        ],
        has_password=identity.has_usable_password(),
        has_totp=any(row.type == kinds.TOTP for row in rows),
        recovery_codes_left=None if codes is None else len(codes.wrap().get_unused_codes()),
        passkeys=[(row.wrap().name, row.created_at, row.last_used_at) for row in keys],
        connections=[
            Connection(row.provider, str(row.get_provider_account()))
            for row in SocialAccount.objects.filter(user=identity).order_by("provider")
        ],
        services=[provider.name for provider in get_adapter().list_providers(request)],
    )


def sessions_of(identity: Identity, request: HttpRequest) -> list[Session]:
    """Where this identity is signed in now: this browser first, then the newest."""
    rows = UserSession.objects.purge_and_list(identity)
    here = request.session.session_key
    found = [
        Session(row.session_key, device_of(row.user_agent), row.ip or "", row.created_at, row.session_key == here)
        for row in rows
    ]
    return sorted(found, key=lambda session: (not session.is_this_one, -session.since.timestamp()))


def end_sessions(identity: Identity, request: HttpRequest, *, key: str | None = None) -> int:
    """Sign out everywhere but here, or in one other browser; returns how many. This browser stays."""
    others = UserSession.objects.filter(user=identity).exclude(session_key=request.session.session_key)
    chosen = list(others.filter(session_key=key) if key else others)
    for row in chosen:
        row.end()
    return len(chosen)


_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """A browser and a system as people call them, from what a browser says of itself: `Firefox on Windows`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if not browser:
        known = re.match(r"[\w.-]{1,30}", user_agent)
        return known[0] if known else "An unknown browser"
    return f"{browser} on {system}" if system else browser
