"""Publishes the branching format: `python -m parley.buyer.schema` writes its JSON Schema and the field tables.

Tests compare the published copies, docs/reference/schemas/branching.json and docs/reference/branching.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parley.buyer import branching
from parley.buyer.branching import branching_schema
from parley.buyer.branching.lines import Part

_REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PUBLISHED = _REFERENCE / "schemas" / "branching.json"
PAGE = _REFERENCE / "branching.md"
BEGIN, END = "<!-- fields: python -m parley.buyer.schema -->", "<!-- /fields -->"
_ORDER = (
    branching.Branching,
    branching.SmallTalk,
    branching.Topic,
    branching.Remark,
    branching.Objection,
    branching.Trigger,
    branching.Resolve,
    branching.Outcomes,
    branching.Motive,
    branching.Patience,
    branching.Closing,
    branching.Hurry,
)


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(branching_schema(), indent=2, ensure_ascii=False) + "\n"


def tables_text() -> str:
    """A table for each part of the format, a line for each field."""
    return "\n\n".join(field_table(part) for part in _ORDER)


def page_with(tables: str, page: str, *, mark: str = BEGIN) -> str:
    """The page with the tables after `mark` replaced. Raises ValueError when the marks are gone."""
    head, begin, rest = page.partition(mark)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has lost its marks {mark} and {END}; put them back around the tables.")
    return f"{head}{mark}\n\n{tables}\n\n{END}{tail}"


def field_table(part: type[Part]) -> str:
    """The fields of one part as a Markdown table under its name."""
    about = " ".join((part.__doc__ or "").split())
    rows = [f"### {part.__name__}", "", about, "", "| Field | Needed | Meaning | Example |", "|---|---|---|---|"]
    for name, field in part.model_fields.items():
        needed = "yes" if field.is_required() else "no"
        example = json.dumps((field.examples or [None])[0], ensure_ascii=False).replace("|", "\\|")
        rows.append(f"| `{name}` | {needed} | {(field.description or '').replace('|', '/')} | `{example}` |")
    return "\n".join(rows)


def main() -> int:
    """Write the published copies."""
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page_with(tables_text(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"wrote {PUBLISHED} and {PAGE}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
