from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Attempts are read in order, not sorted."""

    dependencies = [("calls", "0007_forget_words")]
    operations = [SQLFile("calls", "read_policy_v02", reverse="read_policy_v02_down")]
