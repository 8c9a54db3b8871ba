"""Objects that Django models cannot say live in `<app>/sql/<object>_vNN.sql`, immutable once merged, run
by `SQLFile`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations.operations.base import Operation


class SQLFile(Operation):
    """Run one SQL file forward and another (or a statement) backward.

    `SQLFile("scoring", "compute_kpis_v02", reverse="compute_kpis_v01")` goes back to version 1;
    `reverse_sql="drop function …"` undoes a first version. Files contain plain SQL, several statements allowed.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, app: str, name: str, *, reverse: str = "", reverse_sql: str = "") -> None:
        self.app, self.name, self.reverse, self.reverse_sql = app, name, reverse, reverse_sql
        if not (reverse or reverse_sql):
            raise ValueError(f"SQLFile {app}/{name}: say how to go back, with reverse= (a file) or reverse_sql=.")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {key: value for key in ("reverse", "reverse_sql") if (value := getattr(self, key))}
        return self.__class__.__qualname__, [self.app, self.name], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        """SQL objects are not part of Django's model state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(read_sql(self.app, self.name), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(self.reverse_sql or read_sql(self.app, self.reverse), params=None)

    def describe(self) -> str:
        return f"Run {self.app}/sql/{self.name}.sql"


def read_sql(app: str, name: str) -> str:
    """The text of `<app>/sql/<name>.sql`. Raises FileNotFoundError with the path."""
    return (Path(apps.get_app_config(app).path) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
