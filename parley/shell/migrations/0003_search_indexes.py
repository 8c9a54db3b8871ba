from __future__ import annotations

from django.db import migrations

from parley.core.migrating import IndexConcurrently
from parley.core.sqlfile import SQLFile

NAMED = "search_document(first_name, last_name, email)"


class Migration(migrations.Migration):
    """People are found by index: by beginnings, and by alike letters where those find too few."""

    atomic = False
    dependencies = [("shell", "0002_search"), ("accounts", "0009_people")]
    operations = [
        SQLFile(
            "shell",
            "search_document_v01",
            reverse_sql="drop function search_document(text[])",
        ),
        IndexConcurrently("users_search_words", f"users using gin (to_tsvector('pg_catalog.simple', {NAMED}))"),
        IndexConcurrently("users_search_letters", f"users using gin ({NAMED} public.gin_trgm_ops)"),
        SQLFile("shell", "search_v02", reverse="search_v02_down"),
    ]
