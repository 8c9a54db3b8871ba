"""docs/reference/database.md has the picture and a line on everything."""

from __future__ import annotations

from parley.core.database_page import database_markdown


def test_every_table_view_and_function_has_a_line(committed_db: None) -> None:
    page = database_markdown()
    assert "scenarios ||--o{ scenario_attempts : scenario_id" in page
    bare = [line for line in page.splitlines() if line.startswith("| `") and "|  |" in line.replace("|  |\n", "")]
    silent = [line for line in bare if line.split("|")[2].strip() == ""]
    assert not silent, f"Give the model a docstring or the function a comment: {silent}"
    assert page.count("\n| `") > 60
    assert page.count("materialized view)**") + page.count("(materialized view)") >= 3
