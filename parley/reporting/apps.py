from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "parley.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Listen for scores."""
        from parley.reporting import subscribers  # noqa: F401
