from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile


class Migration(migrations.Migration):
    """Rollups and reads behind the role dashboards."""

    dependencies = [("reporting", "0009_erase_sign_in")]
    operations = [
        SQLFile("reporting", "dashboards_v01", reverse="dashboards_v01_down"),
        SQLFile("reporting", "dashboard_reads_v01", reverse="dashboard_reads_v01_down"),
        SQLFile("reporting", "refresh_reporting_v02", reverse="refresh_reporting_v02_down"),
    ]
