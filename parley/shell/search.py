"""Search over everything that the acting member may see: pages and commands here, rows by `search_all` in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote_plus

from django.db import connection
from django.urls import NoReverseMatch, reverse

from parley.core.tenancy import Member
from parley.shell import nav
from parley.shell.help import Found, search_help

LONGEST = 100
EACH = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the answer. `theme` makes it a command instead of an address."""

    title: str
    url: str = ""
    icon: str = "chevron-right"
    note: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, under a heading."""

    heading: str
    hits: list[Hit]


def search(words: str, member: Member) -> list[Group]:
    """What answers all of these words, by kind; without words, the pages and commands."""
    asked = " ".join(words.split())[:LONGEST]
    rows = _rows(asked) if asked else []
    groups = [
        Group("Go to", _pages(asked, member)),
        Group("Do", _commands(asked, member)),
        Group("Scenarios", [_scenario(row) for row in rows if row[0] == "scenario"]),
        Group("Calls", [_attempt(row) for row in rows if row[0] == "attempt"]),
        Group(
            "Tracks",
            [Hit(row[3], reverse("scenario-library"), "list-checks", row[4]) for row in rows if row[0] == "track"],
        ),
        Group("People", [_person(row, member) for row in rows if row[0] == "person"]),
        Group("Help", [_help(found) for found in search_help(asked, EACH)]),
    ]
    return [group for group in groups if group.hits]


Row = tuple[str, str, str, str, str, object, float]


def _rows(words: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute("select kind, id, key, title, note, happened_at, rank from search_all(%s, %s)", [words, EACH])
        rows: list[Row] = cursor.fetchall()
    return rows


def _fits(words: str, text: str) -> bool:
    """Does each word begin one of the text's?"""
    there = text.lower().replace("-", " ").split()
    return all(any(word.startswith(asked) for word in there) for asked in words.lower().replace("-", " ").split())


def _pages(words: str, member: Member) -> list[Hit]:
    hits = []
    for page in nav.PAGES:
        if page.is_open_to(member) and _fits(words, f"{page.title} {page.words}") and page.name != "menu":
            try:
                hits.append(Hit(page.title, reverse(page.name), page.icon))
            except NoReverseMatch:
                continue  # a page about one row is found by that row
    return hits[: 2 * EACH]


def _commands(words: str, member: Member) -> list[Hit]:
    commands = [
        Hit("Start practice", reverse("scenario-library"), "phone"),
        Hit("Import a real call", reverse("attempt-import"), "upload"),
        Hit("Light theme", icon="sun", theme="light"),
        Hit("Dark theme", icon="moon", theme="dark"),
        Hit("Theme as the system says", icon="monitor", theme="system"),
        Hit("Sign out", reverse("account_logout"), "log-out"),
    ]
    return [command for command in commands if _fits(words, f"{command.title} switch")]


def _scenario(row: Row) -> Hit:
    return Hit(row[3], reverse("scenario-detail", args=[row[2]]), "headphones", row[4])


def _attempt(row: Row) -> Hit:
    return Hit(row[3], reverse("attempt-review", args=[row[1]]), "history", f"{row[4]} · {row[5]:%d %b %Y}")


def _person(row: Row, member: Member) -> Hit:
    """An admin gets to the person's page, everybody else to what can be found of them."""
    page = (
        reverse("admin-user", args=[row[1]])
        if member.is_any("admin")
        else f"{reverse('search')}?q={quote_plus(row[3])}"
    )
    return Hit(row[3], page, "user", row[4])


def _help(found: Found) -> Hit:
    page = reverse("help-doc", args=[found.slug])
    if not found.anchor:
        return Hit(found.title, page, "circle-help")
    return Hit(found.heading, f"{page}#{found.anchor}", "circle-help", found.title)
