from __future__ import annotations

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "parley.calls"
    label = "calls"

    def ready(self) -> None:
        """Say what a shorter retention would delete."""
        from parley.accounts import retention
        from parley.calls.retention import preview

        if preview not in retention.previews:
            retention.previews.append(preview)
