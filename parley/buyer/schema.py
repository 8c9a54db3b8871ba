"""Writes the JSON Schema of the branching format: `python -m parley.buyer.schema`; a test compares it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parley.buyer.branching import branching_schema

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas" / "branching.json"


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(branching_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the published copy."""
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text(schema_text(), encoding="utf-8")
    sys.stdout.write(f"wrote {PUBLISHED}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
