"""Every page of the signed-in app, once: sidebar, breadcrumbs and command menu are made of this list.

A new page adds one `Page` to `PAGES`; a test names the page that is missing. Lower apps need not know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, ResolverMatch, reverse

from parley.core.tenancy import ROLES, Member, Role

GROUPS = ("", "Coaching", "Organisation")
"""Headings of the sidebar, in order; the first has none."""
YOU = "You"
"""What is in the user menu instead."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `group` puts it in the sidebar; `parent` is the page above it in the trail, by URL name."""

    name: str
    """Its URL name."""
    title: str
    icon: str = "chevron-right"
    group: str | None = None
    """A heading of `GROUPS`, `YOU`, or None for a page that is reached through others."""
    parent: str = "dashboard"
    roles: tuple[Role, ...] = ROLES
    count: str = ""
    """The name of a number beside it in the sidebar, see `COUNTS`."""
    words: str = ""
    """What else people call it, for the command menu."""

    def is_open_to(self, member: Member) -> bool:
        """May this member open it?"""
        return member.role in self.roles


LEADS: tuple[Role, ...] = ("manager", "admin")
OFFICE: tuple[Role, ...] = ("admin", "hr")
PEOPLE_LEADS: tuple[Role, ...] = ("manager", "admin", "hr")

PAGES: tuple[Page, ...] = (
    Page("dashboard", "Dashboard", "house", "", parent="", count="assignments", words="home start overview"),
    Page("scenario-library", "Practice", "headphones", "", words="scenarios library call train"),
    Page("attempts", "My calls", "history", "", words="attempts history scores recordings"),
    Page("assignments", "Assignments", "list-checks", "", words="due tracks overdue progress completion"),
    Page("leaderboard", "Leaderboard", "trophy", "", words="ranking places board month"),
    Page("team", "Team", "users", "Coaching", roles=PEOPLE_LEADS, words="roster reps people"),
    Page(
        "team-calls",
        "Official calls",
        "phone-call",
        "Coaching",
        roles=PEOPLE_LEADS,
        words="team attempts scores failed",
    ),
    Page("disputes", "Disputes", "scale", "Coaching", roles=LEADS, count="disputes", words="queue corrections"),
    Page("evals", "Scenario proofs", "list-checks", "Coaching", roles=LEADS, words="evals evidence"),
    Page("calibration", "Calibration", "gauge", "Coaching", roles=("admin",), words="agreement raters judge"),
    Page(
        "compliance-settings", "Compliance rules", "shield-check", "Organisation", roles=OFFICE, words="packs approval"
    ),
    Page("admin-users", "People", "users", "Organisation", roles=OFFICE, words="users invite roles directory"),
    Page(
        "admin-teams", "Teams", "building-2", "Organisation", roles=("admin",), words="branches regions tree managers"
    ),
    Page(
        "admin-organisation",
        "Organisation",
        "settings",
        "Organisation",
        roles=("admin",),
        words="logo retention consent text fillers bands kpi time zone tone",
    ),
    Page(
        "lender-data",
        "Lender data",
        "scale",
        "Organisation",
        roles=PEOPLE_LEADS,
        words="rates overlays products limits figures",
    ),
    Page("admin-audit", "Audit log", "history", "Organisation", roles=("admin",), words="changes who when"),
    Page("settings-profile", "Settings", "settings", YOU, words="profile picture avatar name nmls licence phone"),
    Page("help", "Help", "circle-help", YOU, parent="", words="docs manual how to what does it mean"),
    Page("design-system", "Design system", "palette", parent="", roles=("admin",), words="components style"),
    # Reached through others:
    Page("lender-new", "New figure", "scale", parent="lender-data", roles=LEADS),
    Page("lender-fact", "Figure", "scale", parent="lender-data", roles=LEADS),
    Page("admin-invite", "Invite", "mail", parent="admin-users", roles=("admin",)),
    Page("admin-imports", "Import people", "upload", parent="admin-users", roles=("admin",), words="csv bulk list"),
    Page("admin-import", "List", "upload", parent="admin-imports", roles=("admin",)),
    Page("admin-erasures", "Erasures", "user", parent="admin-users", roles=("admin",), words="forget gdpr privacy"),
    Page("admin-erase", "Erase", "user", parent="admin-user", roles=("admin",)),
    Page("admin-user", "Person", "user", parent="admin-users", roles=("admin",)),
    Page("admin-team", "Team", "building-2", parent="admin-teams", roles=("admin",)),
    Page("settings", "Settings", "settings", parent=""),
    Page(
        "settings-preferences",
        "Preferences",
        "settings",
        parent="settings-profile",
        words="theme dark time zone microphone notifications",
    ),
    Page(
        "settings-sign-in",
        "Sign-in",
        "key-round",
        parent="settings-profile",
        words="password e-mail passkey two-factor",
    ),
    Page("settings-data", "My data", "download", parent="settings-profile", words="export copy privacy gdpr"),
    Page("settings-sessions", "Sessions", "monitor", parent="settings-profile", words="devices sign out"),
    Page("settings-consents", "Consents", "shield-check", parent="settings-profile", words="recording voice withdraw"),
    Page("scenario-detail", "Scenario", "headphones", parent="scenario-library"),
    Page("team-person", "Rep", "user", parent="team", roles=PEOPLE_LEADS),
    Page("system-health", "System health", "gauge", roles=("admin",), words="database worker status"),
    Page("webhook-failures", "Webhook failures", "triangle-alert", roles=("admin",), words="deliveries errors"),
    Page("play", "Call", "phone", parent="scenario-detail"),
    Page("attempt-import", "Import a real call", "upload", parent="attempts"),
    Page("attempt-review", "Review", "history", parent="attempts"),
    Page("attempt-scenario", "A scenario from this call", "sparkles", parent="attempt-review"),
    Page("criterion", "Criterion", "scale", parent="attempt-review"),
    Page("scenario-rescore", "Re-score", "rotate-ccw", parent="scenario-detail", roles=("admin",)),
    Page("help-doc", "Help", "circle-help", parent="help"),
    Page("search", "Search", "search", parent=""),
    Page("menu", "Menu", "menu", parent=""),
    Page("rescore-run", "Re-score", "rotate-ccw", parent="scenario-library", roles=("admin",)),
    Page("eval-run", "Proof", "list-checks", parent="evals", roles=LEADS),
    Page("compliance-approvals", "Approval", "shield-check", parent="compliance-settings", roles=OFFICE),
    Page("compliance-withdrawal", "Withdrawal", "shield-check", parent="compliance-settings", roles=OFFICE),
)
BY_NAME: dict[str, Page] = {page.name: page for page in PAGES}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the trail, or one line of the sidebar. `url` is empty where no address can be made."""

    page: Page
    title: str
    url: str
    is_current: bool = False
    count: int = 0


Counter = Callable[[Member], int]


def sidebar(member: Member, match: ResolverMatch | None, counts: Mapping[str, int]) -> list[tuple[str, list[Step]]]:
    """Headings with their pages as this member sees them; a page is current when the open one lies below it."""
    above = {page.name for page in _above(match)} if match else set()
    groups = []
    for heading in GROUPS:
        mine = [page for page in PAGES if page.group == heading and page.is_open_to(member)]
        steps = [
            Step(page, page.title, reverse(page.name), _nearest(above, match) == page.name, counts.get(page.count, 0))
            for page in mine
        ]
        if steps:
            groups.append((heading, steps))
    return groups


def own(member: Member) -> list[Step]:
    """What the user menu lists."""
    return [
        Step(page, page.title, reverse(page.name)) for page in PAGES if page.group == YOU and page.is_open_to(member)
    ]


def trail(match: ResolverMatch | None, here: str = "") -> list[Step]:
    """From the sidebar's page down to the open one, which is called `here`; empty on a page that stands alone."""
    if match is None:
        return []
    pages = [page for page in reversed(_above(match)) if page.name != "dashboard"]
    return [
        Step(page, here if here and page is pages[-1] else page.title, _address(page, match.kwargs), page is pages[-1])
        for page in pages
    ]


def _above(match: ResolverMatch) -> list[Page]:
    """The open page, then what lies above it."""
    pages: list[Page] = []
    page = BY_NAME.get(match.view_name)
    while page is not None and page not in pages:
        pages.append(page)
        page = BY_NAME.get(page.parent)
    return pages


def _nearest(above: set[str], match: ResolverMatch | None) -> str:
    listed = [page.name for page in (_above(match) if match else []) if page.group is not None and page.name in above]
    return listed[0] if listed else ""


def _address(page: Page, kwargs: Mapping[str, Any]) -> str:
    """The page's address, with what of the open page's arguments it takes."""
    for given in (kwargs, *({name: value} for name, value in kwargs.items()), {}):
        try:
            return reverse(page.name, kwargs=dict(given))
        except NoReverseMatch:
            continue
    return ""
