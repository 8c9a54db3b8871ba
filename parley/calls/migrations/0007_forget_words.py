from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Sound and words are kept for the organisation's days."""

    dependencies = [("calls", "0006_one_read_policy"), ("core", "0006_blank_quotes")]
    operations = [
        SQLFile(
            "calls",
            "forget_words_v01",
            reverse_sql="drop function forget_words(uuid[]); drop function words_due(integer)",
        )
    ]
