from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """JSON without what anybody said."""

    dependencies = [("core", "0005_checked_claims")]
    operations = [SQLFile("core", "blank_quotes_v01", reverse_sql="drop function blank_quotes(jsonb)")]
