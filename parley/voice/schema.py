"""Publishes what a call takes and gives: `python -m parley.voice.schema` writes their JSON Schemas."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from parley.voice.contracts import CallBrief, CallRecord

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas"


def schema_texts() -> dict[str, str]:
    """File name -> the schema as it is published."""
    models: dict[str, type[BaseModel]] = {"call-brief.json": CallBrief, "call-record.json": CallRecord}
    return {
        name: json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()},
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
        for name, model in models.items()
    }


if __name__ == "__main__":
    for name, text in schema_texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
