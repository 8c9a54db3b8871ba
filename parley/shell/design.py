"""What /admin/design-system shows: every component of templates/cotton with an example that is rendered and printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest

from parley.core.ui.cards import AttemptCard, DueAssignment, Happening, Standing
from parley.core.ui.charts import Chart, Series, Trend
from parley.core.ui.tables import Column, Filter, read_table

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE / "templates" / "shell" / "design"
COMPONENTS = HERE.parent / "templates" / "cotton"

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Buttons", ("button", "copy_button", "toggle", "toggle_group")),
    (
        "Forms",
        ("input", "textarea", "select", "combobox", "checkbox", "radio", "switch", "slider", "date_picker", "otp"),
    ),
    ("Layout", ("card", "separator", "accordion", "tabs", "tab_links", "collapsible", "resizable")),
    (
        "Overlays",
        ("dialog", "alert_dialog", "sheet", "drawer", "popover", "hover_card", "tooltip", "context_menu"),
    ),
    ("Navigation", ("breadcrumb", "dropdown", "menubar", "navigation_menu")),
    ("Feedback", ("alert", "toast", "progress", "loading_skeleton", "badge", "empty_state")),
    ("Data", ("data_table", "avatar", "calendar", "chart", "carousel")),
    (
        "Dashboards",
        (
            "metric_card",
            "performance_chart",
            "leaderboard_table",
            "activity_feed",
            "recent_attempts",
            "upcoming_assignments",
        ),
    ),
    ("Decoration and documentation", ("pixel_background", "pixel_blast", "terminal")),
)
SWATCHES = ("primary", "rep", "buyer", "good", "watch", "poor", "muted", "accent", "border", "foreground")


@dataclass(frozen=True)
class Example:
    """One component on the page: its name, what its own comment says of it, and the example's code."""

    name: str
    title: str
    about: str
    source: str

    @property
    def slug(self) -> str:
        return "component-" + self.name.replace("_", "-")

    @property
    def template(self) -> str:
        return f"shell/design/{self.name}.html"


@lru_cache(maxsize=1)
def examples() -> list[tuple[str, list[Example]]]:
    """Headings with their components."""
    return [(heading, [_example(name) for name in names]) for heading, names in GROUPS]


def _example(name: str) -> Example:
    title = name.replace("_", " ").capitalize()
    return Example(name, title, about(name), (EXAMPLES / f"{name}.html").read_text().strip())


def about(name: str) -> str:
    """The comment at the head of a component: what it is, then its attributes. Empty when it has none."""
    found = re.match(r"\{% comment %\}(.*?)\{% endcomment %\}", (COMPONENTS / f"{name}.html").read_text(), re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def sample(request: HttpRequest) -> SimpleNamespace:
    """Invented values for the examples; the table answers to the address of the page."""
    noon = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)
    days = ["2 Mar", "3 Mar", "4 Mar", "5 Mar", "6 Mar", "9 Mar", "10 Mar"]
    return SimpleNamespace(
        periods=[("7", "7 days"), ("30", "30 days"), ("90", "Quarter")],
        roles=[("trainee", "Trainee"), ("manager", "Manager"), ("admin", "Admin"), ("hr", "HR")],
        people=[("", ""), ("ana", "Ana Ruiz"), ("ben", "Ben Okafor"), ("hana", "Hana Sato"), ("omar", "Omar Haddad")],
        levels=[("easy", "Easy"), ("medium", "Medium"), ("hard", "Hard")],
        tabs=[("score", "Score"), ("words", "Transcript"), ("notes", "Notes")],
        tab_links=[("#component-tab-links", "Profile", True), ("#component-tab-links", "Notifications", False)],
        crumbs=[("Practice", "#component-breadcrumb"), ("Rate shopper", "")],
        titles=["Rate shopper", "Refinance with cash out", "Angry borrower", "First-time buyers", "Self-employed"],
        scores=Chart(
            kind="line",
            title="My score",
            labels=days,
            series=[Series("Score", [62, 68, None, 71, 74, 79, 87]), Series("Team", [70, 70, 71, 71, 72, 72, 73])],
            unit="points",
            floor=40,
            ceiling=100,
            mark=75,
            mark_label="Pass mark",
        ),
        skills=Chart(
            kind="radar",
            title="Skills",
            labels=["Opening", "Discovery", "Objections", "Compliance", "Closing"],
            series=[Series("You", [82, 64, 71, 95, 58])],
            heading="Criterion",
            floor=0,
            ceiling=100,
        ),
        bars=Chart(
            kind="stacked",
            title="Calls per team",
            labels=["Inbound", "Outbound", "Refinance"],
            series=[Series("Passed", [42, 31, 18], "good"), Series("Not passed", [12, 16, 9], "poor")],
            heading="Team",
            unit="calls",
        ),
        again=Chart(
            kind="line",
            title="Score by day",
            labels=days,
            series=[Series("Score", [62, 68, 64, 71, 74, 79, 87])],
            unit="points",
            floor=40,
            ceiling=100,
        ),
        nothing=Chart(kind="line", title="Certificates", labels=[], series=[]),
        up=Trend(4.2, "points", "since February"),
        worse=Trend(2, "", "since Monday", better="down"),
        points=[61, 64, 63, 70, 72, 71, 78.4],
        points_down=[2, 3, 3, 4, 4, 6],
        standings=[
            Standing(1, "Ana Ruiz", 91.5, 24, moved=1, href="#component-leaderboard-table"),
            Standing(2, "Ben Okafor", 87, 31, moved=-1, href="#component-leaderboard-table", me=True),
            Standing(3, "Hana Sato", 84.2, 12),
            Standing(4, "Omar Haddad", None, 0),
        ],
        happenings=[
            Happening("Ben", "passed", "Rate shopper", noon, "#component-activity-feed", "circle-check", "good"),
            Happening("Ana", "assigned", "Angry borrower", noon, "#component-activity-feed", "list-checks"),
            Happening("Hana", "missed", "First-time buyers", noon, "#component-activity-feed", "clock", "poor"),
        ],
        attempts=[
            AttemptCard(
                "Rate shopper", noon, "#component-recent-attempts", 87, 75, 312, "Scored", "#component-recent-attempts"
            ),
            AttemptCard(
                "Angry borrower",
                noon,
                "#component-recent-attempts",
                64.5,
                75,
                268,
                "Scored",
                "#component-recent-attempts",
            ),
            AttemptCard("First-time buyers", noon, "#component-recent-attempts", None, 75, 190, "Being scored"),
        ],
        assignments=[
            DueAssignment("Angry borrower", "#component-upcoming-assignments", noon, 0, 1, overdue=True),
            DueAssignment("Inbound track", "#component-upcoming-assignments", noon, 3, 5, note="pass mark 75"),
        ],
        console="$ bin/up\n# one moment\nParley is ready: http://localhost:8000",
        table=_table(request),
    )


def _table(request: HttpRequest) -> Any:
    teams = ("Inbound", "Outbound", "Refinance")
    names = [
        "Ana Ruiz",
        "Ben Okafor",
        "Hana Sato",
        "Omar Haddad",
        "Ida Lund",
        "Jo Park",
        "Kim Vo",
        "Lee Ortiz",
        "Mia Wolf",
        "Noa Stern",
    ]
    rows = [
        {"name": name, "team": teams[i % 3], "calls": (i * 7) % 23 + 3, "score": 95 - (i * 11) % 43}
        for i, name in enumerate(names)
    ]
    columns = (
        Column("name", "Name", "name", optional=False),
        Column("team", "Team", "team"),
        Column("calls", "Calls", "calls", numeric=True),
        Column("score", "Score", "score", numeric=True),
    )
    filters = (Filter("team", "Team", [(team, team) for team in teams]),)
    return read_table(
        request, rows, columns, sort="-score", search=("name",), filters=filters, page_size=5, prefix="t-"
    )
