"""The tabs of the settings and of the administration. An app above adds its own page when it starts."""

from __future__ import annotations

from dataclasses import dataclass

from parley.core.tenancy import ROLES, Member, Role


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a group of pages."""

    name: str
    """Its URL name."""
    title: str
    icon: str
    place: int
    """Tabs stand in the order of this number."""
    roles: tuple[Role, ...] = ROLES


SETTINGS: list[Tab] = [
    Tab("settings-profile", "Profile", "user", 10),
    Tab("settings-preferences", "Preferences", "settings", 20),
    Tab("settings-sign-in", "Sign-in", "key-round", 30),
    Tab("settings-sessions", "Sessions", "monitor", 40),
    Tab("settings-consents", "Consents", "shield-check", 50),
]
ADMIN: list[Tab] = [
    Tab("admin-users", "People", "users", 10, ("admin", "hr")),
    Tab("admin-teams", "Teams", "building-2", 20, ("admin",)),
    Tab("admin-organisation", "Organisation", "settings", 30, ("admin",)),
    Tab("admin-audit", "Audit log", "history", 40, ("admin",)),
]


def tabs_of(tabs: list[Tab], member: Member) -> list[Tab]:
    """The tabs that this member may open, in order."""
    return sorted((tab for tab in tabs if member.role in tab.roles), key=lambda tab: tab.place)
