from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Policies and grants, before anybody can read a row."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        SQLFile("accounts", "tenancy_v01", reverse="tenancy_v01_down"),
        SQLFile("accounts", "identity_grants_v01", reverse="identity_grants_v01_down"),
    ]
