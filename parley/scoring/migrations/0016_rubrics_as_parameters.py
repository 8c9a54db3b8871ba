from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A batch hands compiled rubrics to its helpers as they are, not as text in their plan."""

    dependencies = [("scoring", "0015_share_out_attempts")]
    operations = [SQLFile("scoring", "compute_scores_v04", reverse="compute_scores_v03")]
