"""One-click sign-in for a demo installation: only with the switch on, an embedded database and a loopback address."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from parley.core.tenancy import Role

DEMO_ORG_SLUG = "summit-home-loans"
DEMO_DOMAIN = "@demo.parley"
DEMO_PASSWORD = "parley-demo"  # noqa: S105 - printed by bin/up; the demo exists on loopback only


@dataclass(frozen=True, slots=True)
class DemoMember:
    """One of the people of the demo organisation."""

    role: Role
    first_name: str
    last_name: str
    email: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


DEMO_MEMBERS = (
    DemoMember("trainee", "Ben", "Okafor", "ben@demo.parley", "Loan officer"),
    DemoMember("manager", "Ana", "Lindqvist", "ana@demo.parley", "Sales manager"),
    DemoMember("admin", "Omar", "Haddad", "omar@demo.parley", "Operations director"),
    DemoMember("hr", "Hana", "Sato", "hana@demo.parley", "HR business partner"),
)


def is_demo_email(email: str) -> bool:
    """Does this address belong to one of the demo people?"""
    return email.lower().endswith(DEMO_DOMAIN)


def is_demo(request: HttpRequest) -> bool:
    """May this request use one-click sign-in? DEBUG plays no part."""
    return settings.DEMO and settings.EMBEDDED_DATABASE and _is_loopback(request)


def _is_loopback(request: HttpRequest) -> bool:
    # A proxy on this machine would make every visitor look local, so forwarded requests never count.
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    host = request.get_host().rsplit(":", 1)[0].strip("[]") if ":" in request.get_host() else request.get_host()
    return _loopback_address(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _loopback_address(host))


def _loopback_address(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
