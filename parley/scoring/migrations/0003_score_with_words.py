from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """A judge's verdicts are kept with the words that they stand on."""

    dependencies = [("scoring", "0002_judged_and_overridden"), ("calls", "0009_words_apart")]
    operations = [SQLFile("scoring", "score_attempt_v03", reverse="score_attempt_v02")]
