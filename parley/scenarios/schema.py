"""Publishes the playbook format: `python -m parley.scenarios.schema` writes its JSON Schema and the field tables.

Tests compare the published copies, docs/reference/schemas/playbook.json and docs/reference/playbook.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parley.buyer.schema import field_table, page_with
from parley.scenarios import playbook

_REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PUBLISHED = _REFERENCE / "schemas" / "playbook.json"
PAGE = _REFERENCE / "playbook.md"
MARK = "<!-- fields: python -m parley.scenarios.schema -->"
PARTS = (
    playbook.Playbook,
    playbook.Introduction,
    playbook.Question,
    playbook.Deeper,
    playbook.Handling,
    playbook.Statement,
    playbook.Ending,
    playbook.Slip,
)


def schema_text() -> str:
    """The schema as it is published."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **playbook.Playbook.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def page_text() -> str:
    """The page with its tables as they should be."""
    tables = "\n\n".join(field_table(part) for part in PARTS)
    return page_with(tables, PAGE.read_text(encoding="utf-8"), mark=MARK)


def main() -> int:
    """Write the published copies."""
    PUBLISHED.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page_text(), encoding="utf-8")
    sys.stdout.write(f"wrote {PUBLISHED} and {PAGE}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
