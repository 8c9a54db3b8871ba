"""docs/database/objects.sql and the grants in docs/reference/tenancy.md say what the database holds."""

from __future__ import annotations

from django.core.management import call_command


def test_the_snapshot_is_true(committed_db: None) -> None:
    call_command("write_catalogue", check=True, verbosity=0)
