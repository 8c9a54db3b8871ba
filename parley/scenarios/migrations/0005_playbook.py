from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """What a well-prepared rep would say."""

    dependencies = [("scenarios", "0004_pack_approvals")]
    operations = [migrations.AddField("scenario", "playbook", models.JSONField(blank=True, null=True))]
