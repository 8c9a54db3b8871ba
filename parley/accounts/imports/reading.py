"""A list of people as a spreadsheet wrote it: whatever its letters, separators and quotes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

MAX_ROWS = 10_000
MAX_BYTES = 5 * 1024 * 1024
_SEPARATORS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableList(Exception):
    """The file is no list of people; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The headings and the lines below them, each with its number in the file (the heading is line 1)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_sheet(data: bytes) -> Sheet:
    """The table in this file. Raises UnreadableList."""
    if len(data) > MAX_BYTES:
        raise UnreadableList(f"The file has {len(data) / 1048576:.1f} MB; at most 5 MB fit. Split it.")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise UnreadableList("This is an Excel workbook. In Excel choose “Save as”, then “CSV UTF-8”, and bring that.")
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise UnreadableList("This is no text file. Save the list as CSV and bring that.")
    lines, separator = _separator(text)
    return _sheet(list(_rows(lines, separator)))


def decode(data: bytes) -> str:
    """The file as text: by its byte order mark, else UTF-16 by its zeros, else UTF-8, else Windows-1252."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    sample = data[:400]
    if sample.count(0) > len(sample) // 4:
        return data.decode("utf-16-be" if sample[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(text: str) -> tuple[str, str]:
    """The text without Excel's `sep=` line, and what stands between cells: what the heading holds most of."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return rest, first.strip()[-1]
    outside = "".join(first.split('"')[::2])
    return text, max(_SEPARATORS, key=lambda one: (outside.count(one), -_SEPARATORS.index(one)))


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            tidy = [_tidy(cell) for cell in cells]
            if any(tidy):
                yield line, tidy
    except csv.Error as error:
        raise UnreadableList(f"Line {reader.line_num} cannot be read ({error}). Save the list as CSV again.") from None


def _tidy(cell: str) -> str:
    text = " ".join(cell.replace("\u00a0", " ").replace("\ufeff", "").split())
    # Parley's own exports keep formulas from running with this quote.
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _sheet(rows: list[tuple[int, list[str]]]) -> Sheet:
    if not rows:
        raise UnreadableList("The list is empty. Its first line names the columns, and each line below is a person.")
    header = rows[0][1]
    while header and not header[-1]:
        header.pop()
    if len(rows) == 1:
        raise UnreadableList("There is nobody below the heading. The first line names the columns.")
    if len(rows) - 1 > MAX_ROWS:
        raise UnreadableList(f"The list has {len(rows) - 1:,} people; at most {MAX_ROWS:,} fit. Split it.")
    return Sheet(header, rows[1:])
