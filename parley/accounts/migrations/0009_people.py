from __future__ import annotations

from django.db import migrations, models

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """What settings and administration keep: preferences, invitations, archived teams, a logo, more ways to sign in."""

    dependencies = [
        ("accounts", "0008_team_tree_as_owner"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.AddField("org", "logo_url", models.CharField(blank=True, max_length=255)),
        migrations.AddField("team", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("user", "invited_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("user", "notifications", models.JSONField(blank=True, default=dict)),
        migrations.AddField("user", "theme", models.CharField(default="system", max_length=8)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("theme__in", ("system", "light", "dark"))), name="users_theme_known"
            ),
        ),
        SQLFile("accounts", "identity_grants_v02", reverse="identity_grants_v02_down"),
        SQLFile("accounts", "memberships_of_v02", reverse="memberships_of_v02_down"),
    ]
