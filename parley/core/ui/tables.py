"""A table whose sorting, filtering, paging and choice of columns live in its address.

The view says which columns there are and hands over its rows; `read_table` returns what to show. `<c-data-table>`
draws it with plain links and one form, so that it works before JavaScript does, and HTMX only makes it smoother.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 25


@dataclass(frozen=True)
class Column:
    """One column: `key` names it in the address, `label` on the page.

    `sort` is the model field by which a queryset is ordered, or the attribute of a plain row; empty means that the
    column does not sort. `optional` columns may be hidden; those with `hidden` are, until somebody asks for them.
    """

    key: str
    label: str
    sort: str = ""
    numeric: bool = False
    optional: bool = True
    hidden: bool = False


@dataclass(frozen=True)
class Choice:
    """One answer of a filter: what the address holds and what the page says."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Filter:
    """One filter: `key` in the address, the choices, and how a choice narrows the rows.

    `field` is a model field (equality) or an attribute of a plain row; `narrow(rows, value)` does anything else.
    A value in the address that is no choice is as good as none.
    """

    key: str
    label: str
    choices: Sequence[tuple[str, str]]
    field: str = ""
    narrow: Callable[[Any, str], Any] | None = None
    chosen: str = ""

    @property
    def options(self) -> list[Choice]:
        return [Choice(value, label, value == self.chosen) for value, label in self.choices]

    @property
    def chosen_label(self) -> str:
        return dict(self.choices).get(self.chosen, "")


@dataclass(frozen=True)
class Heading:
    """One shown column with the address that sorts by it; `direction` is ascending, descending or none."""

    column: Column
    direction: str
    href: str


@dataclass(frozen=True)
class PageLink:
    """One step of the pager; without an address it is a gap or the page that is shown."""

    label: str
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Table:
    """A table ready to show. `rows` are those of this page; `count` is how many match."""

    columns: Sequence[Column]
    shown: tuple[str, ...]
    rows: Sequence[Any]
    count: int
    page: int
    pages: int
    first: int
    last: int
    sort: str
    query: str
    filters: Sequence[Filter]
    searches: bool
    prefix: str
    params: QueryDict = field(repr=False)

    @cached_property
    def show(self) -> dict[str, bool]:
        """`{% if table.show.score %}` guards a cell: true for each column that is shown."""
        return {column.key: column.key in self.shown for column in self.columns}

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns if column.key in self.shown]

    @property
    def choosable(self) -> list[Column]:
        """The columns that a person may hide or show."""
        return [column for column in self.columns if column.optional]

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.query or any(one.chosen for one in self.filters))

    @property
    def cleared_href(self) -> str:
        return self.address(**{"q": None, "page": None, **{one.key: None for one in self.filters}})

    @property
    def previous_href(self) -> str:
        return self.address(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_href(self) -> str:
        return self.address(page=self.page + 1) if self.page < self.pages else ""

    @property
    def page_links(self) -> list[PageLink]:
        """First, last and those around the page that is shown, with gaps."""
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        links: list[PageLink] = []
        before = 0
        for number in sorted(n for n in near if 1 <= n <= self.pages):
            if number > before + 1:
                links.append(PageLink("…"))
            here = number == self.page
            links.append(PageLink(str(number), "" if here else self.address(page=number), here))
            before = number
        return links

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form must carry along: all parameters of the address that it has no field for."""
        own = {self.prefix + name for name in ("q", "page", "cols", *(one.key for one in self.filters))}
        return [(name, value) for name in self.params for value in self.params.getlist(name) if name not in own]

    def address(self, **changes: Any) -> str:
        """The query string with these changes; None takes a parameter away."""
        params = self.params.copy()
        for name, value in changes.items():
            params.pop(self.prefix + name, None)
            if value is not None:
                params[self.prefix + name] = str(value)
        return f"?{params.urlencode()}"

    def _heading(self, column: Column) -> Heading:
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "none")
        # Numbers are asked for from the top, words from A.
        first, second = (f"-{column.key}", column.key) if column.numeric else (column.key, f"-{column.key}")
        href = self.address(sort=second if self.sort == first else first, page=None) if column.sort else ""
        return Heading(column, direction, href)


def read_table(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    columns: Sequence[Column],
    *,
    sort: str = "",
    search: Iterable[str] = (),
    filters: Sequence[Filter] = (),
    page_size: int = PAGE_SIZE,
    prefix: str = "",
) -> Table:
    """The table that the address asks for, out of `rows` (a queryset or a list of objects).

    `sort` is the order without a wish, such as `-score`; `search` names the fields or attributes in which `q` is
    looked for; `prefix` keeps two tables of one page apart. Unknown sort keys, pages and columns fall back to what
    is shown without them: an old link never fails.
    """
    params = request.GET
    query = params.get(f"{prefix}q", "").strip()[:200]
    if query:
        rows = _search(rows, tuple(search), query)
    chosen = [_with_choice(one, params.get(prefix + one.key, "")) for one in filters]
    for one in chosen:
        if one.chosen:
            rows = _narrow(rows, one)
    wish = params.get(f"{prefix}sort", "")
    by = {column.key: column.sort for column in columns if column.sort}
    order = wish if wish.removeprefix("-") in by else sort
    if order:
        rows = _order(rows, by[order.removeprefix("-")], descending=order.startswith("-"))
    page = Paginator(rows, page_size).get_page(params.get(f"{prefix}page"))
    return Table(
        columns=columns,
        shown=_shown(columns, params.getlist(f"{prefix}cols")),
        rows=list(page.object_list),
        count=page.paginator.count,
        page=page.number,
        pages=page.paginator.num_pages,
        first=page.start_index(),
        last=page.end_index(),
        sort=order,
        query=query,
        filters=chosen,
        searches=bool(tuple(search)),
        prefix=prefix,
        params=params,
    )


def _shown(columns: Sequence[Column], asked: list[str]) -> tuple[str, ...]:
    wanted = {key for word in asked for key in word.split(",")}
    if not wanted:
        return tuple(column.key for column in columns if not column.hidden)
    return tuple(column.key for column in columns if column.key in wanted or not column.optional)


def _with_choice(one: Filter, value: str) -> Filter:
    known = value in {choice for choice, _ in one.choices}
    return Filter(one.key, one.label, one.choices, one.field, one.narrow, value if known else "")


def _narrow(rows: Any, one: Filter) -> Any:
    if one.narrow:
        return one.narrow(rows, one.chosen)
    if isinstance(rows, QuerySet):
        return rows.filter(**{one.field or one.key: one.chosen})
    return [row for row in rows if str(_value(row, one.field or one.key)) == one.chosen]


def _search(rows: Any, fields: tuple[str, ...], query: str) -> Any:
    if not fields:
        return rows
    if isinstance(rows, QuerySet):
        return rows.filter(reduce(or_, (Q(**{f"{name}__icontains": query}) for name in fields)))
    wanted = query.casefold()
    return [row for row in rows if any(wanted in str(_value(row, name) or "").casefold() for name in fields)]


def _order(rows: Any, name: str, *, descending: bool) -> Any:
    """Rows in order; what has no value comes last either way."""
    if isinstance(rows, QuerySet):
        key = F(name)
        return rows.order_by(key.desc(nulls_last=True) if descending else key.asc(nulls_last=True), "pk")
    known = [row for row in rows if _value(row, name) is not None]
    unknown = [row for row in rows if _value(row, name) is None]
    return sorted(known, key=lambda row: _sortable(_value(row, name)), reverse=descending) + unknown


def _sortable(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row.get(part) if isinstance(row, dict) else getattr(row, part, None)
    return row
