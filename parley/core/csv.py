"""CSV that spreadsheets open without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection)."""


def rows_as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, with a byte order mark so that spreadsheets read it as UTF-8."""
    yield "\ufeff" + _line(head)
    for row in rows:
        yield _line([harmless(cell) for cell in row])


def harmless(cell: Any) -> str:
    """The cell as text; a quote before what a spreadsheet would run. Numbers stay numbers."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
