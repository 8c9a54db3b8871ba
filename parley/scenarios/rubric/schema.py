"""The JSON Schema of the rubric."""

from __future__ import annotations

from typing import Any

from parley.scenarios.rubric.model import Rubric


def rubric_schema() -> dict[str, Any]:
    """The JSON Schema of a rubric, as published under docs/reference/schemas/."""
    schema = Rubric.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
