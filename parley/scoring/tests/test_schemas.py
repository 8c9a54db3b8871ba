"""The published schemas say what the code does."""

from __future__ import annotations

from django.core.management import call_command


def test_the_schema_files_are_up_to_date() -> None:
    call_command("write_schemas", check=True, verbosity=0)
