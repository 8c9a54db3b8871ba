from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """The tree of teams costs less in each statement."""

    dependencies = [("accounts", "0006_cheaper_claims")]
    operations = [SQLFile("accounts", "team_tree_v02", reverse="team_tree_v02_down")]
