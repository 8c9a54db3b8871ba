from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "parley.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Listen for scores; add one's own data to the settings and erasures to the administration."""
        from parley.accounts import tabs
        from parley.reporting import subscribers  # noqa: F401

        mine = tabs.Tab("settings-data", "My data", "download", 60)
        if mine not in tabs.SETTINGS:
            tabs.SETTINGS.append(mine)
        erasures = tabs.Tab("admin-erasures", "Erasures", "user", 35, ("admin",))
        if erasures not in tabs.ADMIN:
            tabs.ADMIN.append(erasures)
