from __future__ import annotations

from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Earlier scores stay with the attempt."""

    dependencies = [("calls", "0010_move_words")]
    operations = [
        migrations.AddField(
            model_name="attempt",
            name="score_history",
            field=models.JSONField(db_default=[], default=list),
        ),
        SQLFile("calls", "guard_attempt_v02", reverse="guard_attempt_v02_down"),
    ]
