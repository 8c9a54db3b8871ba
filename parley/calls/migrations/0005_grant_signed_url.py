from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Addresses of stored objects are granted by the database."""

    dependencies = [("calls", "0004_validate_promises"), ("core", "0004_signed_urls")]
    operations = [
        SQLFile(
            "calls",
            "grant_signed_url_v01",
            reverse_sql="drop function grant_signed_url(text, integer); drop function may_read_object(text, text)",
        )
    ]
