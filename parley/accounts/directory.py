"""The people of an organisation as a table: searched, filtered, sorted and paged by the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict

from parley.accounts.models import User
from parley.accounts.teams import ids_below
from parley.core.tenancy import ROLES

PER_PAGE = 50
SORTS = {
    "name": ("first_name", "last_name", "email"),
    "email": ("email",),
    "role": ("role", "first_name", "last_name"),
    "team": ("team__name", "first_name", "last_name"),
    "seen": ("last_login_at", "email"),
}
STATES = {
    "here": "Active or invited",
    "active": "Active",
    "invited": "Invited",
    "deactivated": "Deactivated",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for; what it does not know is left out, never an error."""

    q: str = ""
    role: str = ""
    team: str = ""
    state: str = ""
    below: UUID | None = None
    """A team with all that hangs below it."""
    sort: str = "name"
    page: str = "1"

    @classmethod
    def of(cls, query: QueryDict) -> Wish:
        """Read the address."""
        sort = query.get("sort", "name")
        return cls(
            q=query.get("q", "").replace("\0", "").strip()[:100],
            role=query.get("role", "") if query.get("role") in ROLES else "",
            team=query.get("team", "").replace("\0", "")[:120],
            state=query.get("state", "") if query.get("state") in STATES else "",
            below=_uuid(query.get("below", "")),
            sort=sort if sort.removeprefix("-") in SORTS else "name",
            page=query.get("page", "1"),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.role or self.team or self.state or self.below)


def people(wish: Wish) -> QuerySet[User]:
    """The people of the acting member's organisation who fit."""
    found = User.objects.select_related("team")
    for word in wish.q.split()[:6]:
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(title__icontains=word)
            | Q(nmls_id__startswith=word)
        )
    if wish.role:
        found = found.filter(role=wish.role)
    if wish.team:
        found = found.filter(team__name=wish.team) if wish.team != "-" else found.filter(team=None)
    if wish.below:
        found = found.filter(team_id__in=ids_below(wish.below))
    states = {
        "here": Q(is_active=True),
        "active": Q(is_active=True, identity__isnull=False),
        "invited": Q(is_active=True, identity=None),
        "deactivated": Q(is_active=False),
    }
    if wish.state:
        found = found.filter(states[wish.state])
    sign, name = ("-", wish.sort[1:]) if wish.sort.startswith("-") else ("", wish.sort)
    return found.order_by(*(f"{sign}{column}" for column in SORTS[name]), "pk")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def page_of(wish: Wish) -> Page[User]:
    """One page of them; a page that is not there becomes the nearest."""
    return Paginator(people(wish), PER_PAGE).get_page(wish.page)


def sort_links(query: QueryDict, columns: dict[str, str], *, default: str = "name") -> list[dict[str, Any]]:
    """For the head of a table: title, address that sorts by it, and `ascending`, `descending` or `none`."""
    now = query.get("sort", default)
    links = []
    for name, title in columns.items():
        asked = query.copy()
        asked["sort"] = f"-{name}" if now == name else name
        asked.pop("page", None)
        state = {name: "ascending", f"-{name}": "descending"}.get(now, "none")
        links.append({"title": title, "href": f"?{asked.urlencode()}", "state": state})
    return links
