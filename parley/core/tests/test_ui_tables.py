"""A table is what its address says, and an old or broken address still shows one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from parley.core.ui.tables import Column, Filter, Table, read_table

ROWS = [
    {"name": "Ana", "team": "In", "score": 91.0},
    {"name": "ben", "team": "Out", "score": None},
    {"name": "Hana", "team": "In", "score": 70.5},
    {"name": "Omar", "team": "Out", "score": 84.0},
]
COLUMNS = (
    Column("name", "Name", "name", optional=False),
    Column("team", "Team", "team"),
    Column("score", "Score", "score", numeric=True),
    Column("secret", "Secret", hidden=True),
)
TEAMS = Filter("team", "Team", [("In", "Inbound"), ("Out", "Outbound")])


def _read(address: str, **wishes: Any) -> Table:
    request = RequestFactory().get(f"/people/{address}")
    return read_table(request, ROWS, COLUMNS, sort="name", search=("name",), filters=(TEAMS,), **wishes)


def _names(table: Table) -> list[str]:
    return [row["name"] for row in table.rows]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("", ["Ana", "ben", "Hana", "Omar"]),
        ("?sort=-score", ["Ana", "Omar", "Hana", "ben"]),
        ("?sort=score", ["Hana", "Omar", "Ana", "ben"]),
        ("?q=AN", ["Ana", "Hana"]),
        ("?team=Out", ["ben", "Omar"]),
        ("?team=Out&q=om", ["Omar"]),
        ("?sort=password", ["Ana", "ben", "Hana", "Omar"]),
        ("?team=Nowhere&page=999&cols=", ["Ana", "ben", "Hana", "Omar"]),
    ],
)
def test_the_address_orders_searches_and_filters(address: str, names: list[str]) -> None:
    assert _names(_read(address)) == names


def test_pages_are_cut_and_linked_with_the_rest_of_the_address_kept() -> None:
    table = _read("?sort=-score&page=2&other=1", page_size=3)
    assert _names(table) == ["ben"]
    assert (table.first, table.last, table.count, table.pages) == (4, 4, 4, 2)
    assert table.previous_href == "?sort=-score&other=1&page=1"
    assert table.next_href == ""
    assert [(link.label, link.current) for link in table.page_links] == [("1", False), ("2", True)]


def test_a_heading_turns_the_order_around_and_goes_back_to_the_first_page() -> None:
    score = next(h for h in _read("?sort=-score&page=2", page_size=2).headings if h.column.key == "score")
    assert score.direction == "descending"
    assert score.href == "?sort=score"
    name = next(h for h in _read("?sort=-score").headings if h.column.key == "name")
    assert (name.direction, name.href) == ("none", "?sort=name")


def test_chosen_columns_are_shown_and_the_one_that_names_the_row_always_is() -> None:
    assert _read("").shown == ("name", "team", "score")
    chosen = _read("?cols=secret&cols=score")
    assert chosen.shown == ("name", "score", "secret")
    assert chosen.show == {"name": True, "team": False, "score": True, "secret": True}


def test_two_tables_of_one_page_keep_apart() -> None:
    table = _read("?sort=-score&b-sort=-name", prefix="b-")
    assert _names(table) == ["Omar", "Hana", "ben", "Ana"]
    assert table.address(page=2) == "?sort=-score&b-sort=-name&b-page=2"
