from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Search by full text, beginnings and alike letters."""

    dependencies = [("shell", "0001_news")]
    operations = [
        migrations.RunSQL(
            "create extension if not exists pg_trgm with schema public; "
            "create extension if not exists unaccent with schema public",
            migrations.RunSQL.noop,
        ),
        SQLFile(
            "shell",
            "search_v01",
            reverse_sql="drop function search_all(text, integer); drop function search_matches(text, text)",
        ),
    ]
