from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """The tree of teams is read past policies of its own tables, by claims that it names itself."""

    dependencies = [("accounts", "0007_cheaper_team_tree")]
    operations = [SQLFile("accounts", "team_tree_v03", reverse="team_tree_v03_down")]
