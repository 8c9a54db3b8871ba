"""The published schemas of a call's brief and record."""

from __future__ import annotations

import json

from parley.voice.schema import FOLDER, schema_texts


def test_the_published_schemas_are_up_to_date() -> None:
    for name, text in schema_texts().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "run: python -m parley.voice.schema"


def test_every_field_has_a_meaning_and_an_example() -> None:
    for name, text in schema_texts().items():
        for field, about in json.loads(text)["properties"].items():
            assert about.get("description"), f"{name}: {field} has no description"
            assert about.get("examples") or "$ref" in about, f"{name}: {field} has no example"
